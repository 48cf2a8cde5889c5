#ifndef TJ_CONNECTORS_ASK_RECORD_H
#define TJ_CONNECTORS_ASK_RECORD_H

#include "connectors/zone.h"
#include "model/record.h"

/*
 * Keys and certificates of records of the network (HS_PUBKEY, HS_CERT), asked for one record
 * after the other and each once.  For signatures, of which many have few signers.
 */
struct tj_record_slot {
	enum tj_rc		 rc;
	struct tj_record	 record;	/* OK */
	char			 why[TJ_FETCH_WHY + TJ_ERR_TEXT];	/* else */
};

struct tj_record_asker {
	struct tj_asker			*asker;
	struct tj_zones			*zones;
	struct tj_names			 names;		/* upper case */
	TJ_VEC(struct tj_record_slot)	 list;		/* by number of the name */
};

void	 tj_record_asker_init(struct tj_record_asker *, struct tj_asker *, struct tj_zones *);
/* Nothing else may be under way.  NOTFOUND; LOCKED: no answer, and why; REFUSED: an answer to
 * another question; DATA.  In the asker's arena. */
enum tj_rc tj_record_ask(struct tj_record_asker *, struct tj_record *, tj_str handle,
	    struct tj_err *) TJ_MUST_USE;

#endif
