#ifndef TJ_CLI_VERIFY_LABEL_H
#define TJ_CLI_VERIFY_LABEL_H

#include "engine/cli/cmd.h"
#include "exchange/trust.h"

/* `tanji verify` of what stands on a product. */

/* Shows the verdict on the text of a code. */
enum tj_rc tj_verify_label(bool *accepted, struct tj_cli *, const struct tj_trust *,
	    tj_str text) TJ_MUST_USE;
/* Of every code in a picture; NOTFOUND: there is none.  Accepted if all are. */
enum tj_rc tj_verify_picture(bool *accepted, struct tj_cli *, const struct tj_trust *,
	    const char *path) TJ_MUST_USE;
/* Does the file's name end as pictures' names do? */
bool	 tj_is_picture(const char *path);

#endif
