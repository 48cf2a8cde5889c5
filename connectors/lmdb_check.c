#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/lmdb_check.h"
#include "model/base/limits.h"
#include "model/base/mem.h"
#include "model/base/str.h"

/*
 * The layout is that of mdb.c, LMDB 0.9, on 64-bit machines: numbers in the byte
 * order of the machine, pages numbered from 0, the first two being heads.
 */
#define MAGIC		0xbeefc0deu
#define VERSION		1u
#define NO_PAGE		UINT64_MAX	/* root of an empty tree */
#define MAX_PAGE_BYTES	32768u
#define MAX_KEY_BYTES	511u
#define MAX_DEPTH	32		/* of LMDB's own cursors */

enum page_kind { BRANCH = 0x01, LEAF = 0x02, OVERFLOW = 0x04, HEAD = 0x08 };
enum entry_kind { INLINE = 0x00, BIG = 0x01, TREE = 0x02 };
enum tree_flag { INTEGER_KEYS = 0x08 };

struct page_header {
	uint64_t	number;
	uint16_t	pad, kind;
	uint16_t	lower, upper;	/* free room is between them */
};

struct tree {
	uint32_t	pad;
	uint16_t	flags, depth;
	uint64_t	branch_pages, leaf_pages, overflow_pages, entries, root;
};

struct head {
	uint32_t	magic, version;
	uint64_t	address, map_bytes;
	struct tree	free, main;	/* free.pad is the page size */
	uint64_t	last_page, txn;
};

struct entry {
	uint16_t	kind;
	tj_str		key;
	const char	*data;		/* of a leaf */
	uint32_t	data_bytes;
	uint64_t	child;		/* of a branch */
};

struct check {
	int		 fd;
	uint64_t	 file_bytes;
	uint32_t	 page_bytes;
	uint64_t	 last_page;
	uint8_t		*seen;		/* one bit a page */
	tj_lmdb_is_sound *is_sound;
	bool		 is_free_tree, is_main_tree;
	/* Of the tree under way: */
	char		 last_key[MAX_KEY_BYTES];
	size_t		 last_key_bytes;
	bool		 has_last_key, may_repeat;	/* a separator may equal its first key */
	uint64_t	 branch_pages, leaf_pages, overflow_pages, entries;
	struct tj_err	*err;
};

#define DAMAGED(err, page, what)						\
	tj_fail((err), TJ_E_CORRUPT, "page %ju: %s", (uintmax_t)(page), (what))

static enum tj_rc
read_at(void *bytes, size_t n, int fd, uint64_t offset, struct tj_err *err)
{
	ssize_t got;

	do
		got = pread(fd, bytes, n, (off_t)offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return tj_fail(err, TJ_E_IO, "cannot read: %s", strerror(errno));
	if ((size_t)got != n)
		return tj_fail(err, TJ_E_CORRUPT, "ends at byte %ju, in the middle of a page",
		    (uintmax_t)offset + (uintmax_t)got);
	return TJ_OK;
}

static bool
is_tree_sound(const struct tree *tree, uint64_t last_page)
{
	if (tree->root == NO_PAGE)
		return tree->depth == 0;
	return tree->root >= 2 && tree->root <= last_page && tree->depth >= 1 &&
	    tree->depth <= MAX_DEPTH;
}

static enum tj_rc
read_head(struct head *out, int fd, uint64_t number, uint64_t page_bytes,
    struct tj_err *err)
{
	char bytes[sizeof(struct page_header) + sizeof(struct head)];
	struct page_header header;
	struct head head;

	TRY(read_at(bytes, sizeof(bytes), fd, number * page_bytes, err));
	memcpy(&header, bytes, sizeof(header));
	memcpy(&head, bytes + sizeof(header), sizeof(head));
	if (header.number != number || header.kind != HEAD || head.magic != MAGIC)
		return DAMAGED(err, number, "not the head of an LMDB database");
	if (head.version != VERSION)
		return DAMAGED(err, number, "of another version of LMDB");
	if (head.free.pad < 512 || head.free.pad > MAX_PAGE_BYTES ||
	    (head.free.pad & (head.free.pad - 1)) != 0)
		return DAMAGED(err, number, "impossible page size");
	if (head.map_bytes > TJ_MAX_REGISTRY_BYTES ||
	    head.last_page >= TJ_MAX_REGISTRY_BYTES / head.free.pad || head.last_page < 1)
		return DAMAGED(err, number, "impossible size");
	if (head.free.flags != INTEGER_KEYS || head.main.flags != 0 ||
	    !is_tree_sound(&head.free, head.last_page) ||
	    !is_tree_sound(&head.main, head.last_page))
		return DAMAGED(err, number, "impossible root");
	*out = head;
	return TJ_OK;
}

static enum tj_rc
read_heads(struct head heads[2], int fd, struct tj_err *err)
{
	TRY(read_head(&heads[0], fd, 0, 0, err));
	TRY(read_head(&heads[1], fd, 1, heads[0].free.pad, err));
	if (heads[0].free.pad != heads[1].free.pad)
		return DAMAGED(err, 1, "page size differs from page 0");
	return TJ_OK;
}

enum tj_rc
tj_lmdb_check_heads(int fd, struct tj_err *err)
{
	struct head heads[2];
	uint64_t even, odd;

	TRY(read_heads(heads, fd, err));
	even = heads[0].txn;
	odd = heads[1].txn;
	if (even == 0 && odd == 0)
		return TJ_OK;		/* new: nothing committed yet */
	if (even % 2 != 0 || odd % 2 != 1 || (odd != even + 1 && even != odd + 1))
		return DAMAGED(err, 0, "heads are not one commit apart");
	return TJ_OK;
}

static enum tj_rc
see(struct check *c, uint64_t first, uint64_t n)
{
	if (first < 2 || first > c->last_page || n > c->last_page - first + 1)
		return DAMAGED(c->err, first, "outside of the database");
	for (uint64_t page = first; page < first + n; page++) {
		const uint8_t bit = (uint8_t)(1u << page % 8);

		if ((c->seen[page / 8] & bit) != 0)
			return DAMAGED(c->err, page, "used twice");
		c->seen[page / 8] |= bit;
	}
	return TJ_OK;
}

/* Pages of a large value: there, in full, and nobody else's. */
static enum tj_rc
see_big(struct check *c, uint64_t *first, const struct entry *entry, uint64_t page)
{
	uint64_t pages;

	memcpy(first, entry->data, sizeof(*first));
	pages = (sizeof(struct page_header) + (uint64_t)entry->data_bytes +
	    c->page_bytes - 1) / c->page_bytes;
	TRY(see(c, *first, pages));
	c->overflow_pages += pages;
	if ((*first + pages) * c->page_bytes > c->file_bytes)
		return DAMAGED(c->err, page, "value lies beyond the end of the file");
	return TJ_OK;
}

/* Keys go up over the whole tree; the free tree's are numbers of transactions. */
static int
key_cmp(const struct check *c, tj_str a, tj_str b)
{
	uint64_t left, right;

	if (!c->is_free_tree)
		return tj_str_cmp(a, b);
	memcpy(&left, a.p, sizeof(left));
	memcpy(&right, b.p, sizeof(right));
	return (left > right) - (left < right);
}

static enum tj_rc
check_key(struct check *c, tj_str key, bool is_separator, uint64_t page)
{
	const tj_str last = { c->last_key, c->last_key_bytes };
	int order;

	if (key.n == 0 || key.n > MAX_KEY_BYTES ||
	    (c->is_free_tree && key.n != sizeof(uint64_t)))
		return DAMAGED(c->err, page, "impossible key");
	if (c->has_last_key) {
		order = key_cmp(c, last, key);
		if (order > 0 || (order == 0 && !c->may_repeat))
			return DAMAGED(c->err, page, "keys out of order");
	}
	memcpy(c->last_key, key.p, key.n);
	c->last_key_bytes = key.n;
	c->has_last_key = true;
	c->may_repeat = is_separator;
	return TJ_OK;
}

/* Entry i of a page whose header has been checked. */
static enum tj_rc
read_entry(struct entry *out, const struct check *c, const char *page,
    const struct page_header *header, size_t i)
{
	struct entry entry = { 0 };
	uint16_t at, key_bytes;
	uint64_t data_bytes = 0;
	uint32_t low;

	memcpy(&at, page + sizeof(*header) + i * sizeof(at), sizeof(at));
	if (at % 2 != 0 || at < header->upper || at > c->page_bytes - 8)
		return DAMAGED(c->err, header->number, "entry outside of its page");
	memcpy(&low, page + at, sizeof(low));
	memcpy(&entry.kind, page + at + 4, sizeof(entry.kind));
	memcpy(&key_bytes, page + at + 6, sizeof(key_bytes));
	entry.key = (tj_str){ page + at + 8, key_bytes };
	entry.child = low | (uint64_t)entry.kind << 32;
	if (header->kind == LEAF) {
		entry.data_bytes = low;
		entry.data = entry.key.p + key_bytes;
		data_bytes = entry.kind == BIG ? sizeof(uint64_t) : low;
	}
	if (at + 8u + key_bytes + data_bytes > c->page_bytes)
		return DAMAGED(c->err, header->number, "entry longer than its page");
	*out = entry;
	return TJ_OK;
}

static enum tj_rc
read_page(char *page, struct page_header *out, struct check *c, uint64_t number,
    int levels)
{
	struct page_header header;

	TRY(see(c, number, 1));
	TRY(read_at(page, c->page_bytes, c->fd, number * c->page_bytes, c->err));
	memcpy(&header, page, sizeof(header));
	if (header.number != number)
		return DAMAGED(c->err, number, "bears another number");
	if (header.kind != (levels == 1 ? LEAF : BRANCH))
		return DAMAGED(c->err, number, "of another kind than its depth asks for");
	if (header.lower % 2 != 0 || header.lower < sizeof(header) + sizeof(uint16_t) ||
	    header.lower > header.upper || header.upper > c->page_bytes)
		return DAMAGED(c->err, number, "impossible bounds");
	*out = header;
	return TJ_OK;
}

static enum tj_rc check_tree(struct check *, const struct tree *, uint64_t page);

/* Pages that one transaction freed: a count, then numbers going down. */
static enum tj_rc
check_free_list(struct check *c, const char *list, uint64_t list_bytes, uint64_t page)
{
	uint64_t count, number, before = NO_PAGE;

	memcpy(&count, list, sizeof(count));
	if (count > list_bytes / sizeof(count) - 1)
		return DAMAGED(c->err, page, "impossible list of free pages");
	for (uint64_t i = 1; i <= count; i++) {
		memcpy(&number, list + i * sizeof(number), sizeof(number));
		if (number >= before)
			return DAMAGED(c->err, page, "free pages out of order");
		TRY(see(c, number, 1));
		before = number;
	}
	return TJ_OK;
}

static enum tj_rc
check_big_free_list(struct check *c, uint64_t first, uint32_t list_bytes)
{
	char *list = tj_mem_calloc(1, list_bytes);
	enum tj_rc rc;

	if (list == NULL)
		return tj_fail_nomem(c->err);
	rc = read_at(list, list_bytes, c->fd,
	    first * c->page_bytes + sizeof(struct page_header), c->err);
	if (rc == TJ_OK)
		rc = check_free_list(c, list, list_bytes, first);
	tj_mem_free(list);
	return rc;
}

static enum tj_rc
check_free(struct check *c, const struct entry *entry, uint64_t first, uint64_t page)
{
	if (entry->data_bytes < sizeof(uint64_t))
		return DAMAGED(c->err, page, "impossible list of free pages");
	if (entry->kind == BIG)
		return check_big_free_list(c, first, entry->data_bytes);
	return check_free_list(c, entry->data, entry->data_bytes, page);
}

static enum tj_rc
check_data(struct check *c, const struct entry *entry, uint64_t page)
{
	struct tree tree;
	uint64_t first = 0;

	if (entry->kind == TREE && c->is_main_tree && entry->data_bytes == sizeof(tree)) {
		memcpy(&tree, entry->data, sizeof(tree));
		return check_tree(c, &tree, page);
	}
	if (entry->kind != INLINE && entry->kind != BIG)
		return DAMAGED(c->err, page, "entry of an unknown kind");
	if (entry->kind == BIG)
		TRY(see_big(c, &first, entry, page));
	if (c->is_free_tree)
		return check_free(c, entry, first, page);
	if (entry->kind == INLINE && !c->is_main_tree &&
	    !c->is_sound(entry->key, (tj_str){ entry->data, entry->data_bytes }))
		return DAMAGED(c->err, page, "an entry has changed");
	return TJ_OK;
}

static enum tj_rc check_page(struct check *, char *pages, uint64_t number, int levels);

/* `pages` has room for one page a level. */
static enum tj_rc
check_entry(struct check *c, char *pages, const struct page_header *header, size_t i,
    int levels)
{
	struct entry entry = { 0 };

	TRY(read_entry(&entry, c, pages, header, i));
	/* The first key of a branch stands for "from the beginning" and is not looked at. */
	if (levels == 1 || i > 0)
		TRY(check_key(c, entry.key, levels > 1, header->number));
	if (levels == 1)
		return check_data(c, &entry, header->number);
	return check_page(c, pages + c->page_bytes, entry.child, levels - 1);
}

static enum tj_rc
check_page(struct check *c, char *pages, uint64_t number, int levels)
{
	struct page_header header = { 0 };
	size_t entries;

	TRY(read_page(pages, &header, c, number, levels));
	entries = (header.lower - sizeof(header)) / sizeof(uint16_t);
	if (levels > 1 && entries < 2 && !c->is_free_tree)
		return DAMAGED(c->err, number, "branch without branches");
	c->branch_pages += levels > 1;
	c->leaf_pages += levels == 1;
	c->entries += levels == 1 ? entries : 0;
	for (size_t i = 0; i < entries; i++)
		TRY(check_entry(c, pages, &header, i, levels));
	return TJ_OK;
}

/* A page that lost entries is in order still, but not in number. */
static enum tj_rc
check_counts(const struct check *c, const struct tree *tree)
{
	if (c->branch_pages != tree->branch_pages || c->leaf_pages != tree->leaf_pages ||
	    c->overflow_pages != tree->overflow_pages || c->entries != tree->entries)
		return DAMAGED(c->err, tree->root, "entries or pages below it are missing");
	return TJ_OK;
}

static enum tj_rc
check_root(struct check *c, const struct tree *tree)
{
	char *pages;
	enum tj_rc rc;

	c->has_last_key = false;
	c->branch_pages = c->leaf_pages = c->overflow_pages = c->entries = 0;
	if (tree->root == NO_PAGE)
		return check_counts(c, tree);
	if ((pages = tj_mem_calloc(tree->depth, c->page_bytes)) == NULL)
		return tj_fail_nomem(c->err);
	rc = check_page(c, pages, tree->root, tree->depth);
	tj_mem_free(pages);
	return rc == TJ_OK ? check_counts(c, tree) : rc;
}

/* A tree named in the main one, with an order of keys of its own. */
static enum tj_rc
check_tree(struct check *c, const struct tree *tree, uint64_t page)
{
	struct check inner = *c;

	if (tree->pad != 0 || tree->flags != 0 || !is_tree_sound(tree, c->last_page))
		return DAMAGED(c->err, page, "impossible tree");
	inner.is_main_tree = false;
	return check_root(&inner, tree);
}

static enum tj_rc
check_snapshot(struct check *c, const struct head *head)
{
	struct stat st;

	if (fstat(c->fd, &st) != 0)
		return tj_fail(c->err, TJ_E_IO, "cannot look at it: %s", strerror(errno));
	c->file_bytes = (uint64_t)st.st_size;
	c->is_main_tree = true;
	TRY(check_root(c, &head->main));
	c->is_main_tree = false;
	c->is_free_tree = true;
	return check_root(c, &head->free);
}

enum tj_rc
tj_lmdb_check_pages(int fd, uint64_t txn, tj_lmdb_is_sound *is_sound, struct tj_err *err)
{
	struct head heads[2];
	const struct head *head = &heads[txn % 2];
	struct check c = { .fd = fd, .is_sound = is_sound, .err = err };
	enum tj_rc rc;

	/* They were in order before LMDB opened it: half of one is being written. */
	if ((rc = read_heads(heads, fd, err)) == TJ_E_CORRUPT ||
	    (rc == TJ_OK && head->txn != txn))
		return tj_fail(err, TJ_E_LOCKED, "written to without a pause");
	TRY(rc);
	c.page_bytes = head->free.pad;
	c.last_page = head->last_page;
	if ((c.seen = tj_mem_calloc(head->last_page / 8 + 1, 1)) == NULL)
		return tj_fail_nomem(err);
	rc = check_snapshot(&c, head);
	tj_mem_free(c.seen);
	return rc;
}
