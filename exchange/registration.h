#ifndef TJ_EXCHANGE_REGISTRATION_H
#define TJ_EXCHANGE_REGISTRATION_H

#include "model/entity.h"
#include "model/prefix.h"
#include "model/record.h"

/*
 * A prefix that was handed out: the record 0.NA/PREFIX at the node above, by which others
 * find the node that is home to it, and by which it is known who answers for it.
 *
 *	3	HS_SITE		that node: address, HTTP and HTTPS port
 *	4	HS_SERV		instead, or beside it: the handle of a service that answers
 *	10	TANJI.ENTITY	the responsible entity (exchange/entity_json.h)
 *	11	TANJI.REPORTED	"DIGEST URL": what the node above this one has of it
 *	100	HS_ADMIN	who administers the prefix, and may hand out others below it
 *	101	HS_ADMIN	301:0.NA/PREFIX, where there is such a key
 *	301	HS_SECKEY	the key by which the node below reports; read by nobody
 *
 * Other values may stand in the record too, and stay.
 */
struct tj_registration {
	tj_prefix		prefix;
	struct tj_entity	entity;
	tj_str			service;	/* of HS_SERV; may be empty */
	tj_str			key;		/* of HS_SECKEY; may be empty */
	tj_str			reported;	/* as it stands there; may be empty */
};

#define TJ_REGISTRATION_SITE	3u
#define TJ_REGISTRATION_SERVICE	4u
#define TJ_REGISTRATION_ENTITY	10u
#define TJ_REGISTRATION_REPORTED 11u
#define TJ_REGISTRATION_ADMIN	100u
#define TJ_REGISTRATION_KEY_ADMIN 101u
#define TJ_REGISTRATION_KEY	301u

#define TJ_MIN_REPORT_KEY	16	/* bytes of a key; as many as guessing does not reach */

/* What the table of items cannot say: a node has an address and a port, unless a service
 * answers; somebody administers the prefix.  Findings with `file` and the item's name. */
void	 tj_registration_check(const struct tj_registration *, tj_str file,
	    struct tj_findings *);

/*
 * The record of it, from nothing or from the one that is there (NULL: none), whose other
 * values stay as they are.  A revoked one names no node.  DATA: the address is no IP address
 * (HS_SITE holds no other); NOMEM.  All in the arena, or as long as its makers.
 */
enum tj_rc tj_registration_write(struct tj_record *, const struct tj_registration *,
	    const struct tj_record *old, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* DATA: the record is none of a registration, or its entity cannot be read. */
enum tj_rc tj_registration_read(struct tj_registration *, const struct tj_record *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;
bool	 tj_registration_is_revoked(const struct tj_registration *);

/*
 * What of it is told to the node above: site, service, entity, and `reporter` as who may
 * change it there ("301:0.NA/88.101").
 */
enum tj_rc tj_registration_report(struct tj_record *, const struct tj_record *,
	    tj_str reporter, struct tj_arena *, struct tj_err *) TJ_MUST_USE;
/* Are these the same report?  Indexes, types, permissions and data alone. */
bool	 tj_registration_same(const struct tj_record *, const struct tj_record *);
/* "DIGEST URL" of a report: what stands in TANJI.REPORTED when it was acknowledged. */
enum tj_rc tj_registration_receipt(tj_str *, const struct tj_record *report, tj_str url,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
