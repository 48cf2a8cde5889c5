#ifndef TJ_BASE_LIMITS_H
#define TJ_BASE_LIMITS_H

#include <stddef.h>

/*
 * Every ceiling of the program and its reason.  Input is hostile until proven
 * otherwise: nothing that comes from outside is read, kept or recursed into
 * without one of these.
 */
#define TJ_MAX_TABLE_BYTES	((size_t)4 << 30)	/* a year of a mill's movements is under 1 GiB */
#define TJ_MAX_DOC_BYTES	((size_t)8 << 20)	/* XML, conf, JSON: largest real exchange page seen 1.1 MiB */
#define TJ_MAX_DECLARATION	((size_t)1 << 20)	/* spec of the envelope: 1 MiB of payload */
#define TJ_MAX_JWS_BYTES	((size_t)3 << 19)	/* 1 MiB of payload in base64, a header with a certificate chain */
#define TJ_MAX_LABEL_BYTES	((size_t)1024)		/* ours are 170; a QR code of 10 kB is none */
#define TJ_MAX_PICTURE_BYTES	((size_t)32 << 20)	/* a photo of a phone is under 20 MiB */
#define TJ_MAX_PHOTO_DOTS	(64u << 20)		/* in all; phones of today take 50 million */
#define TJ_MAX_SCANNER_BYTES	((size_t)8 << 20)	/* of zxing-wasm's reader: 954 KB today */
#define TJ_MAX_CODES		64			/* in one picture: a sheet has 14 */
#define TJ_MAX_PICTURE_DOTS	20000			/* a side; A4 at 600 dpi has 7016 */
#define TJ_MAX_KEY_BYTES	16384			/* a P-256 key in PEM is 241; with parameters and talk under 2 KiB */
#define TJ_MAX_NOTE_NAME	512			/* a log's origin: a host and a path */
#define TJ_MAX_KEYS_BYTES	((size_t)64 << 10)	/* a DID document with 100 keys is 50 KiB */
#define TJ_MAX_CHAIN		8u			/* certificates with a signature: most have two or three */
#define TJ_MAX_ISSUERS		1000u			/* in one list: a note holds some 250 */
#define TJ_MAX_BUNDLE_LISTS	32u			/* of one bundle: each may become 2 MiB */
#define TJ_MAX_BUNDLED		1000u			/* declarations: the payload ends at some 150 */
#define TJ_MAX_STAMP_BYTES	((size_t)64 << 10)	/* a reply with a chain of certificates is 1 to 6 KiB */
#define TJ_MAX_STAMP_ACCURACY	86400			/* seconds; a day's uncertainty dates nothing */
#define TJ_MAX_OID_TEXT		128			/* policies of authorities have up to 40 characters */
#define TJ_MAX_STATUS_BYTES	((size_t)2 << 20)	/* 16 million entries; ours have 131072; 2 KiB may become this */
#define TJ_MAX_STATUS_SLOTS	131072000u		/* products of one company: a thousand lists */
#define TJ_MAX_STATUS_DAYS	3650u			/* a list valid for longer says nothing of today */
#define TJ_MAX_BIF_KEY		1024			/* of an account's entry: the chain's own ceiling */
#define TJ_MAX_BIF_VALUE	256000			/* the same of its value */
#define TJ_MAX_BIF_BYTES	((size_t)1 << 20)	/* a transaction with both, and slack */
#define TJ_MAX_JSON_DEPTH	32			/* ours use 6; a parser's stack is finite */
#define TJ_MAX_XML_DEPTH	64			/* templates use 5 */
#define TJ_MAX_COLUMNS		4096			/* widest SAP extract seen has about 400 */
#define TJ_MAX_CELL_BYTES	65536			/* long texts of an ERP end far below */
#define TJ_MAX_ROWS		100000000u		/* row numbers and node numbers are 32-bit */
#define TJ_MAX_IDENT_BYTES	2048			/* Handle System: longest handle */
#define TJ_MAX_RECORD_VALUES	2048			/* Handle System: most values of a record */
#define TJ_MAX_RECORD_BYTES	((size_t)4 << 20)	/* the largest declaration in base64, and what stands beside it */
#define TJ_MAX_HOME_BYTES	400			/* of a prefix that a node is home to: IDIS allows 137 */
#define TJ_LOG_SEGMENT_BYTES	((size_t)256 << 20)	/* a file of a log: what compaction writes anew at once, in a second */
#define TJ_MAX_IDENT_TEXT	8192			/* the same with every byte as %XX, behind a host and a path */
#define TJ_MAX_IDENT_PREFIX	8			/* "urn:oid:", the longest before a canonical name */
#define TJ_MAX_GS1_ELEMENTS	32			/* a logistic label carries about ten */
#define TJ_MAX_TEMPLATE_CHAIN	8			/* public, industry, group, plant, and slack */
#define TJ_MAX_TEMPLATE_RECORDS	16			/* shipped ones have one or two; they are bits of a word */
#define TJ_MAX_TEMPLATE_CODES	4096			/* of a field: ERP code lists have hundreds */
#define TJ_MAX_SKIP_LINES	1000			/* titles above a report's header; more is a mistake */
#define TJ_MAX_AMOUNT		1e15			/* of anything in a row: the world makes 2e12 kg of steel a year */
#define TJ_MAX_FINDINGS		10000			/* kept in full; beyond it they are counted */
#define TJ_MAX_DENSE_LOOP	96			/* above, iterations: dense LU grows with the cube */
#define TJ_MAX_GROUP		1000000u		/* declarations put at once: held in memory, 5 KB each */
#define TJ_MAX_REGISTRY_BYTES	((size_t)1 << 40)	/* 200 million declarations; address space only */
#define TJ_MAX_PATH_BYTES	4096			/* PATH_MAX of Linux */
#define TJ_MAX_LOOP_FILL	1e8			/* entries of LU factors: above, minutes and gigabytes */
#define TJ_MAX_LISTEN		16			/* addresses of one server: two families, TLS, a unix socket */
#define TJ_MAX_CONNECTIONS	65536u			/* of one server: 64 KiB each, held while it speaks */
#define TJ_MAX_REQUEST_BYTES	((size_t)64 << 20)	/* memory of a request: the largest record, read and written */
#define TJ_MAX_REDIRECTS	3			/* http to https, to the name with www, and one more */
#define TJ_MAX_RESOLVE_HOPS	8			/* root, industry, enterprise, service handles, slack */
#define TJ_MAX_NODE_PLACES	8			/* of one node: HTTPS and HTTP of four servers */
#define TJ_MAX_ANSWER_BYTES	((size_t)4 << 20)	/* a node's: a declaration of TJ_MAX_JWS_BYTES, twice over */
#define TJ_MAX_ANSWERS_BYTES	((size_t)4 << 30)	/* of one call that resolves: a million of 4 KB */
#define TJ_MAX_TRANSFERS	256u			/* at once: a process may usually open 1024 files */
#define TJ_MAX_RESOLVE_IDS	100000u			/* of one `tanji resolve`: a kilobyte each to begin with */
#define TJ_MAX_SECRET_BYTES	4096			/* secret keys of Handle servers are words */
#define TJ_MAX_THREADS		64u			/* memory bandwidth is used up long before */
#define TJ_MAX_LIST_BYTES	((size_t)64 << 20)	/* one reply: a list of a million handles; more in pages */
#define TJ_MAX_QUERY_PARAMS	4200			/* every index and every type of a full record, and the rest */
#define TJ_MAX_RSA_BITS		8192			/* verifying takes 0.3 ms; longer keys are to keep us busy */
#define TJ_MAX_PBKDF2_ROUNDS	100000u			/* 50 ms of SHA-1; clients use 10,000 */
#define TJ_MAX_SESSIONS		4096			/* half a megabyte; those asked for and not used go first */
#define TJ_MAX_ALIAS_HOPS	8			/* HS_ALIAS in a circle is an old mistake */
#define TJ_MAX_HANDLE_JWS	((size_t)2 << 20)	/* a signature of 2,048 values, 70 bytes each, in base64 */
#define TJ_MAX_CERT_CHAIN	16			/* root, national, industry, enterprise, administrator; slack */
#define TJ_MAX_RECORD_SIGNATURES 16			/* each asks for a chain of records: company, industry, auditors */
#define TJ_MAX_GROUP_DEPTH	8			/* groups of groups of administrators */
#define TJ_MAX_GROUP_LOOKS	256			/* records read to find out who is in a group */
#define TJ_MAX_NOTE_BYTES	((size_t)96 << 10)	/* sixteen signatures of 5 KB, the largest known kind */
#define TJ_MAX_NOTE_SIGNATURES	16			/* C2SP signed-note: at least so many must be read */
#define TJ_MAX_PROOF_HASHES	64			/* a tree of 2^64 leaves is 64 deep */
#define TJ_MAX_TLOG_PROOF	((size_t)128 << 10)	/* a note, 64 hashes, and as much of extra data */
#define TJ_MAX_POLICY_BYTES	((size_t)256 << 10)	/* 300 lines with keys of ML-DSA */
#define TJ_MAX_POLICY_LINES	64u			/* of logs, of witnesses, of groups: C2SP asks for 32 */
#define TJ_MAX_LOG_ENTRY	65535			/* a length in an entry bundle has 16 bits */
#define TJ_MAX_LOG_LEAVES	((uint64_t)1 << 40)	/* 35 TB of tiles: above, a size is a mistake */
#define TJ_MAX_ARENA_BYTES	((size_t)16 << 30)	/* one run on one machine */

#endif
