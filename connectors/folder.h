#ifndef TJ_CONNECTORS_FOLDER_H
#define TJ_CONNECTORS_FOLDER_H

#include "connectors/web.h"
#include "model/port/folder.h"

/* A folder of this machine; it need not be there yet.  Any number of threads. */
enum tj_rc tj_folder_dir_open(struct tj_folder **, const char *path, struct tj_err *) TJ_MUST_USE;
/* What a server shows below a URL: GET URL/NAME, 404 where it is not there.  One thread.
 * DATA: not a URL.  Reading: see tj_web_ask(); another status is DATA. */
enum tj_rc tj_folder_http_open(struct tj_folder **, tj_str url, const struct tj_web_options *,
	    struct tj_err *) TJ_MUST_USE;

#endif
