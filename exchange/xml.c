#include <stdio.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "exchange/xml.h"
#include "model/base/limits.h"

/*
 * libxml2 tells us what it meets (SAX2) and we build the tree: so that its own
 * tree, its entities and its loaders never come into play.  Its memory is its own:
 * libxml2 2.9 does not survive every failed allocation.
 */
struct open {				/* an element whose end has not come yet */
	struct tj_xml	*element, *youngest;	/* youngest: its last child so far */
	char		*text;
	size_t		 room;			/* bytes that text can hold */
};

struct builder {
	xmlParserCtxt	*parser;
	struct tj_arena	*arena;
	struct tj_xml	*root;
	struct open	 open[TJ_MAX_XML_DEPTH];
	size_t		 depth;			/* of them are open */
	struct tj_err	 why;			/* rc is OK while all is well */
};

static void
refuse(struct builder *b, enum tj_rc rc, const char *what)
{
	if (b->why.rc != TJ_OK)
		return;
	(void)tj_fail(&b->why, rc, "%s", what);
	b->why.line = (uint32_t)xmlSAX2GetLineNumber(b->parser);
	xmlStopParser(b->parser);
}

static tj_str
copy(struct builder *b, const xmlChar *from, size_t n)
{
	const tj_str text = tj_str_dup((tj_str){ (const char *)from, n }, b->arena);

	if (text.p == NULL)
		refuse(b, TJ_E_NOMEM, "out of memory");
	return text;
}

static tj_str
copy_all(struct builder *b, const xmlChar *from)
{
	return copy(b, from, from == NULL ? 0 : strlen((const char *)from));
}

/*
 * An attribute's ampersand: libxml2 leaves it as "&#38;" for a later pass over
 * entities that we do not make.  No other "&" can stand in a value.
 */
static tj_str
copy_value(struct builder *b, const xmlChar *from, size_t n)
{
	static const char escaped[] = "&#38;";
	const size_t length = sizeof(escaped) - 1;
	char *to = TJ_NEWN(b->arena, char, n + 1);
	size_t at = 0;

	if (to == NULL) {
		refuse(b, TJ_E_NOMEM, "out of memory");
		return (tj_str){ 0 };
	}
	for (size_t i = 0; i < n; i++) {
		to[at++] = (char)from[i];
		if (n - i >= length && memcmp(from + i, escaped, length) == 0)
			i += length - 1;
	}
	return (tj_str){ to, at };
}

/* libxml2 hands over five pointers an attribute: name, prefix, URI, value, its end. */
static void
copy_attrs(struct builder *b, struct tj_xml *element, size_t n, const xmlChar **from)
{
	element->attrs = TJ_NEWN(b->arena, struct tj_xml_attr, n);
	if (element->attrs == NULL) {
		refuse(b, TJ_E_NOMEM, "out of memory");
		return;
	}
	for (size_t i = 0; i < n; i++, from += 5)
		element->attrs[i] = (struct tj_xml_attr){
			.name = copy_all(b, from[0]),
			.value = copy_value(b, from[3], (size_t)(from[4] - from[3])),
		};
	element->attr_count = n;
}

static void
open_element(struct builder *b, struct tj_xml *element)
{
	struct open *parent = b->depth == 0 ? NULL : &b->open[b->depth - 1];

	if (parent == NULL) {
		b->root = element;
	} else {
		element->parent = parent->element;
		if (parent->youngest == NULL)
			parent->element->children = element;
		else
			parent->youngest->next = element;
		parent->youngest = element;
	}
	b->open[b->depth++] = (struct open){ .element = element };
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces, int attr_count, int defaulted,
    const xmlChar **attrs)
{
	struct builder *b = ctx;
	struct tj_xml *element;

	(void)prefix, (void)namespace_count, (void)namespaces, (void)defaulted;
	if (b->why.rc != TJ_OK)
		return;
	if (b->depth == TJ_MAX_XML_DEPTH) {
		refuse(b, TJ_E_LIMIT, "found elements nested too deeply");
		return;
	}
	if ((element = TJ_NEW(b->arena, struct tj_xml)) == NULL) {
		refuse(b, TJ_E_NOMEM, "out of memory");
		return;
	}
	element->line = (uint32_t)xmlSAX2GetLineNumber(b->parser);
	element->name = copy_all(b, name);
	element->space = copy_all(b, uri);
	element->text = TJ_S("");
	copy_attrs(b, element, (size_t)attr_count, attrs);
	open_element(b, element);
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct builder *b = ctx;
	struct tj_xml *element;

	(void)name, (void)prefix, (void)uri;
	if (b->why.rc != TJ_OK)
		return;
	element = b->open[--b->depth].element;
	element->text = tj_str_trim(element->text);
}

/* Text comes in pieces: the room for it doubles, so that all of it costs O(n). */
static void
on_text(void *ctx, const xmlChar *piece, int length)
{
	struct builder *b = ctx;
	struct open *open = b->depth == 0 ? NULL : &b->open[b->depth - 1];
	const size_t n = (size_t)length;
	char *grown;

	if (b->why.rc != TJ_OK || open == NULL)
		return;
	if (open->room - open->element->text.n < n) {
		open->room = 2 * (open->element->text.n + n);
		if ((grown = TJ_NEWN(b->arena, char, open->room)) == NULL) {
			refuse(b, TJ_E_NOMEM, "out of memory");
			return;
		}
		memcpy(grown, open->element->text.p, open->element->text.n);
		open->element->text.p = open->text = grown;
	}
	memcpy(open->text + open->element->text.n, piece, n);
	open->element->text.n += n;
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	refuse(ctx, TJ_E_DATA, "found a DOCTYPE, expected none: DTDs are not read");
}

static xmlEntity *
on_entity(void *ctx, const xmlChar *name)
{
	(void)name;
	refuse(ctx, TJ_E_DATA, "found an entity, expected none but those of XML itself");
	return NULL;
}

static void
on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
	(void)target, (void)data;
	refuse(ctx, TJ_E_DATA, "found a processing instruction, expected none");
}

static void
on_error(void *ctx, xmlError *error)
{
	struct builder *b = ctx;
	char text[TJ_ERR_TEXT];
	size_t n;

	if (b->why.rc != TJ_OK || error->level == XML_ERR_WARNING)
		return;
	(void)snprintf(text, sizeof(text), "%s",
	    error->message == NULL ? "not well-formed" : error->message);
	n = strcspn(text, "\n");
	text[n] = '\0';
	refuse(b, error->code == XML_ERR_NO_MEMORY ? TJ_E_NOMEM : TJ_E_DATA, text);
	if (error->line > 0)
		b->why.line = (uint32_t)error->line;
}

static xmlParserInput *
load_nothing(const char *url, const char *id, xmlParserCtxt *parser)
{
	(void)url, (void)id, (void)parser;
	return NULL;
}

static enum tj_rc
parse(struct builder *b, tj_str bytes, struct tj_err *err)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start, .endElementNs = on_end,
		.characters = on_text, .ignorableWhitespace = on_text, .cdataBlock = on_text,
		.internalSubset = on_doctype, .externalSubset = on_doctype,
		.getEntity = on_entity, .getParameterEntity = on_entity,
		.processingInstruction = on_instruction,
	};
	xmlSAXHandler *own;
	int status;

	sax.serror = (xmlStructuredErrorFunc)on_error;
	xmlSetExternalEntityLoader(load_nothing);
	if ((b->parser = xmlCreateMemoryParserCtxt(bytes.p, (int)bytes.n)) == NULL)
		return tj_fail_nomem(err);
	own = b->parser->sax;
	(void)xmlCtxtUseOptions(b->parser, XML_PARSE_NONET);
	b->parser->sax = &sax;
	b->parser->userData = b;
	status = xmlParseDocument(b->parser);
	if (b->why.rc == TJ_OK && (status != 0 || !b->parser->wellFormed || b->depth > 0))
		refuse(b, TJ_E_DATA, "not a well-formed XML document");
	b->parser->sax = own;
	xmlFreeParserCtxt(b->parser);
	return TJ_OK;
}

enum tj_rc
tj_xml_read(const struct tj_xml **root, tj_str file, tj_str bytes, struct tj_arena *arena,
    struct tj_err *err)
{
	struct builder b = { .arena = arena };

	if (bytes.n > TJ_MAX_DOC_BYTES)
		(void)tj_fail(&b.why, TJ_E_LIMIT, "found %zu bytes, expected at most %zu", bytes.n,
		    TJ_MAX_DOC_BYTES);
	else if (bytes.n == 0)
		(void)tj_fail(&b.why, TJ_E_DATA, "the file is empty");
	else
		TRY(parse(&b, bytes, err));
	if (b.why.rc == TJ_OK) {
		*root = b.root;
		return TJ_OK;
	}
	(void)snprintf(b.why.file, sizeof(b.why.file), "%.*s", TJ_FMT(file));
	if (err != NULL)
		*err = b.why;
	return b.why.rc;
}

tj_str
tj_xml_attr(const struct tj_xml *element, const char *name)
{
	for (size_t i = 0; i < element->attr_count; i++)
		if (tj_str_eq(element->attrs[i].name, tj_str_of(name)))
			return element->attrs[i].value;
	return (tj_str){ NULL, 0 };
}

static const struct tj_xml *
named(const struct tj_xml *element, const char *name)
{
	while (element != NULL && name != NULL && !tj_str_eq(element->name, tj_str_of(name)))
		element = element->next;
	return element;
}

const struct tj_xml *
tj_xml_child(const struct tj_xml *element, const char *name)
{
	return named(element->children, name);
}

const struct tj_xml *
tj_xml_next(const struct tj_xml *element, const char *name)
{
	return named(element->next, name);
}
