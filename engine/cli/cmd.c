#include "engine/cli/cmd.h"

const struct tj_command *const tj_commands[] = {
#define X(name) &tj_cmd_##name,
#include "engine/cli/commands.def"
#undef X
	NULL
};

const struct tj_command *
tj_command_find(tj_str name)
{
	for (size_t i = 0; tj_commands[i] != NULL; i++)
		if (tj_str_eq(name, tj_str_of(tj_commands[i]->name)))
			return tj_commands[i];
	return NULL;
}
