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
#define TJ_MAX_KEY_BYTES	16384			/* a P-256 key in PEM is 241; with parameters and talk under 2 KiB */
#define TJ_MAX_KEYS_BYTES	((size_t)64 << 10)	/* a DID document with 100 keys is 50 KiB */
#define TJ_MAX_JSON_DEPTH	32			/* ours use 6; a parser's stack is finite */
#define TJ_MAX_XML_DEPTH	64			/* templates use 5 */
#define TJ_MAX_COLUMNS		4096			/* widest SAP extract seen has about 400 */
#define TJ_MAX_CELL_BYTES	65536			/* long texts of an ERP end far below */
#define TJ_MAX_ROWS		100000000u		/* row numbers and node numbers are 32-bit */
#define TJ_MAX_IDENT_BYTES	2048			/* Handle System: longest handle */
#define TJ_MAX_IDENT_TEXT	8192			/* the same with every byte as %XX, behind a host and a path */
#define TJ_MAX_IDENT_PREFIX	8			/* "urn:oid:", the longest before a canonical name */
#define TJ_MAX_GS1_ELEMENTS	32			/* a logistic label carries about ten */
#define TJ_MAX_TEMPLATE_CHAIN	8			/* public, industry, group, plant, and slack */
#define TJ_MAX_TEMPLATE_RECORDS	16			/* shipped ones have one or two; they are bits of a word */
#define TJ_MAX_TEMPLATE_CODES	4096			/* of a field: ERP code lists have hundreds */
#define TJ_MAX_SKIP_LINES	1000			/* titles above a report's header; more is a mistake */
#define TJ_MAX_AMOUNT		1e15			/* of anything in a row: the world makes 2e12 kg of steel a year */
#define TJ_MAX_FINDINGS		10000			/* kept in full; beyond it they are counted */
#define TJ_MAX_DENSE_LOOP	96			/* above, KLU: dense LU grows with the cube */
#define TJ_MAX_REGISTRY_BYTES	((size_t)1 << 40)	/* 200 million declarations; address space only */
#define TJ_MAX_PATH_BYTES	4096			/* PATH_MAX of Linux */
#define TJ_MAX_LOOP_FILL	1e8			/* entries of LU factors: above, minutes and gigabytes */
#define TJ_MAX_ARENA_BYTES	((size_t)16 << 30)	/* one run on one machine */

#endif
