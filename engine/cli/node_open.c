#include "connectors/file.h"
#include "connectors/registry.h"
#include "engine/cli/node_open.h"

enum tj_rc
tj_node_open(struct tj_node_registry *registry, const char *folder, struct tj_err *err)
{
	struct tj_node_registry opened = { 0 };
	enum tj_rc rc;

	TRY(tj_file_make_folder(folder, 0700, err));	/* secret keys lie in it */
	TRY(tj_registry_open(&opened.folder, folder, TJ_STORE_WRITE, err));
	rc = tj_registry_records(&opened.records, opened.folder, err);
	if (rc == TJ_OK)
		rc = tj_registry_store(&opened.declarations, opened.folder, err);
	if (rc != TJ_OK) {
		tj_node_close(&opened);
		return rc;
	}
	*registry = opened;
	return TJ_OK;
}

void
tj_node_close(struct tj_node_registry *registry)
{
	if (registry->declarations != NULL)
		registry->declarations->close(registry->declarations);
	if (registry->records != NULL)
		registry->records->close(registry->records);
	tj_registry_close(registry->folder);
	*registry = (struct tj_node_registry){ 0 };
}
