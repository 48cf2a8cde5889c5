#ifndef TJ_CLI_REGISTRY_REPORT_H
#define TJ_CLI_REGISTRY_REPORT_H

#include "connectors/registry.h"
#include "engine/cli/cmd.h"

/* What a registry's log holds, as backup, restore and fsck say it: `done` in words, or as
 * one object of JSON. */
enum tj_rc tj_registry_report_show(struct tj_cli *, const char *done,
    const struct tj_registry_report *) TJ_MUST_USE;

#endif
