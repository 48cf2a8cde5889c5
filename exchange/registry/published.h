#ifndef TJ_REGISTRY_PUBLISHED_H
#define TJ_REGISTRY_PUBLISHED_H

#include "exchange/registry/http.h"
#include "model/port/folder.h"

/* A file of a folder that is shown to everybody, and how long others may keep it. */
#define TJ_PUBLISHED_NOW	"no-cache"	/* what changes: ask each time */
#define TJ_PUBLISHED_FOREVER	"public, max-age=31536000, immutable"

struct tj_published {
	tj_str		 name;		/* in the folder; checked to be one that may be read */
	size_t		 max_bytes;
	const char	*type;		/* Content-Type */
	const char	*keep;		/* Cache-Control, of what is there */
};

/* To GET alone; 404 where it is not there, 503 where it cannot be read. */
void	 tj_published_reply(struct tj_http_response *, struct tj_folder *,
	    const struct tj_published *, const struct tj_http_request *, struct tj_arena *);

#endif
