#ifndef TJ_EXCHANGE_HANDLE_DATA_H
#define TJ_EXCHANGE_HANDLE_DATA_H

#include "exchange/crypto_handle.h"
#include "exchange/octets.h"
#include "model/record.h"

/*
 * What the data of the Handle System's own value types hold (RFC 3651 section 3, in the
 * layout its servers write).  Reading answers false where the data are not such; views
 * into the data, lists in the arena.
 *
 *	HS_ADMIN	permissions[2] bytes(handle) index[4]
 *	HS_VLIST	n[4], n times bytes(handle) index[4]
 *	HS_PUBKEY	bytes("RSA_PUB_KEY") 0[2] bytes(e) bytes(n) 0[4]
 */
#define TJ_HS_ADMIN	"HS_ADMIN"
#define TJ_HS_VLIST	"HS_VLIST"
#define TJ_HS_PUBKEY	"HS_PUBKEY"
#define TJ_HS_SECKEY	"HS_SECKEY"
#define TJ_HS_SITE	"HS_SITE"
#define TJ_HS_ALIAS	"HS_ALIAS"
#define TJ_HS_SIGNATURE	"HS_SIGNATURE"
#define TJ_HS_CERT	"HS_CERT"
#define TJ_DECLARATION_TYPE	"TANJI.DECLARATION"	/* ours: a compact JWS */

/* What an administrator may do: permissions of HS_ADMIN. */
enum tj_right {
	TJ_ADD_HANDLE	 = 0x001, TJ_DELETE_HANDLE = 0x002,
	TJ_ADD_PREFIX	 = 0x004, TJ_DELETE_PREFIX = 0x008,
	TJ_MODIFY_VALUE	 = 0x010, TJ_REMOVE_VALUE  = 0x020, TJ_ADD_VALUE = 0x040,
	TJ_MODIFY_ADMIN	 = 0x080, TJ_REMOVE_ADMIN  = 0x100, TJ_ADD_ADMIN = 0x200,
	TJ_READ_VALUE	 = 0x400, TJ_LIST_HANDLES  = 0x800,
	TJ_ALL_RIGHTS	 = 0xfff
};

struct tj_handle_admin {
	unsigned		rights;
	struct tj_reference	who;	/* index 0: any key of that handle */
};

struct tj_handle_list {
	struct tj_reference	*items;	/* [count] */
	size_t			 count;
};

bool	 tj_handle_admin_read(struct tj_handle_admin *, tj_str data);
void	 tj_handle_admin_write(struct tj_buf *, const struct tj_handle_admin *);
/* NOMEM, or DATA where the data are not such. */
enum tj_rc tj_handle_list_read(struct tj_handle_list *, tj_str data, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
void	 tj_handle_list_write(struct tj_buf *, const struct tj_handle_list *);
bool	 tj_handle_key_read(tj_rsa_numbers *, tj_str data);
void	 tj_handle_key_write(struct tj_buf *, const tj_rsa_numbers *);

/* "300:88.111.1/ADMIN", also with "%3A" for the colon.  DATA. */
enum tj_rc tj_reference_parse(struct tj_reference *, tj_str, struct tj_arena *,
	    struct tj_err *) TJ_MUST_USE;
/* Of one handle, in whatever case, and one index; index 0 in `pattern` is any. */
bool	 tj_reference_matches(const struct tj_reference *pattern,
	    const struct tj_reference *);

#endif
