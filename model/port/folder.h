#ifndef TJ_PORT_FOLDER_H
#define TJ_PORT_FOLDER_H

#include "model/base/str.h"

/*
 * Files that anybody may read, by name: "checkpoint", "tile/0/000".  A folder of this machine or
 * what a server shows; nothing that is read is believed.
 */
struct tj_folder {
	const char	*place;		/* for people: the path or the URL */
	/* `name` was made or checked by whoever asks: it leads nowhere else.  NOINPUT: not
	 * there; LIMIT: over max_bytes; PERM; LOCKED: no answer now. */
	enum tj_rc (*read)(struct tj_folder *, tj_str *bytes, const char *name,
	    size_t max_bytes, struct tj_arena *, struct tj_err *);
	void	   (*close)(struct tj_folder *);
};

#endif
