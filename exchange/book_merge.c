#include "exchange/book_rows.h"

/* What a number of the book that is added is in the book it is added to. */
struct numbers {
	uint32_t	*product, *activity, *flow;
	uint32_t	 file;
};

static enum tj_rc
number_all(struct numbers *numbers, struct tj_book *book, const struct tj_book *from,
    tj_str file, struct tj_err *err)
{
	const tj_str name = tj_str_dup(file, book->arena);
	struct tj_arena *arena = from->arena;

	*numbers = (struct numbers){
		TJ_NEWN(arena, uint32_t, from->products.n),
		TJ_NEWN(arena, uint32_t, from->activities.n),
		TJ_NEWN(arena, uint32_t, from->flows.list.n),
		name.p == NULL ? TJ_NONE : tj_names_add(&book->files, name),
	};
	if (numbers->product == NULL || numbers->activity == NULL ||
	    numbers->flow == NULL || numbers->file == TJ_NONE)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < from->products.n; i++)
		if ((numbers->product[i] = tj_book_product(book,
		    from->products.v[i].key)) == TJ_NONE)
			return tj_fail_nomem(err);
	for (size_t i = 0; i < from->activities.n; i++)
		if ((numbers->activity[i] = tj_book_activity(book,
		    from->activities.v[i].key)) == TJ_NONE)
			return tj_fail_nomem(err);
	for (size_t i = 0; i < from->flows.list.n; i++)
		if ((numbers->flow[i] = tj_names_add(&book->flows,
		    from->flows.list.v[i])) == TJ_NONE)
			return tj_fail_nomem(err);
	return TJ_OK;
}

/* Products and activities that have a row of their own in `from`. */
static void
merge_descriptions(struct tj_book *book, const struct tj_book *from,
    const struct numbers *numbers)
{
	for (size_t i = 0; i < from->products.n; i++) {
		struct tj_product product = from->products.v[i];

		if (product.src.line == 0)
			continue;
		product.src.file = numbers->file;
		if (product.model != TJ_NONE)
			product.model = numbers->product[product.model];
		book->products.v[numbers->product[i]] = product;
	}
	for (size_t i = 0; i < from->activities.n; i++) {
		struct tj_activity activity = from->activities.v[i];

		if (activity.src.line == 0)
			continue;
		activity.src.file = numbers->file;
		book->activities.v[numbers->activity[i]] = activity;
	}
}

static enum tj_rc
merge_exchanges(struct tj_book *book, const struct tj_book *from,
    const struct numbers *numbers, struct tj_err *err)
{
	for (size_t i = 0; i < from->outputs.n; i++) {
		struct tj_output row = from->outputs.v[i];

		row.activity = numbers->activity[row.activity];
		row.product = numbers->product[row.product];
		row.src.file = numbers->file;
		if (!TJ_PUSH(book->arena, &book->outputs, row))
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < from->inputs.n; i++) {
		struct tj_input row = from->inputs.v[i];

		row.activity = numbers->activity[row.activity];
		row.product = numbers->product[row.product];
		if (row.provider != TJ_NONE)
			row.provider = numbers->activity[row.provider];
		row.src.file = numbers->file;
		if (!TJ_PUSH(book->arena, &book->inputs, row))
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < from->shares.n; i++) {
		struct tj_share row = from->shares.v[i];

		row.activity = numbers->activity[row.activity];
		row.product = numbers->product[row.product];
		row.src.file = numbers->file;
		if (!TJ_PUSH(book->arena, &book->shares, row))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

static enum tj_rc
merge_flows(struct tj_book *book, const struct tj_book *from, const struct numbers *numbers,
    struct tj_err *err)
{
	for (size_t i = 0; i < from->emissions.n; i++) {
		struct tj_emission row = from->emissions.v[i];

		row.activity = numbers->activity[row.activity];
		row.flow = numbers->flow[row.flow];
		row.src.file = numbers->file;
		if (!TJ_PUSH(book->arena, &book->emissions, row))
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < from->factors.n; i++) {
		struct tj_factor row = from->factors.v[i];

		row.flow = numbers->flow[row.flow];
		row.src.file = numbers->file;
		if (!TJ_PUSH(book->arena, &book->factors, row))
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < from->gwp.n; i++) {
		struct tj_gwp_row row = from->gwp.v[i];

		row.flow = numbers->flow[row.flow];
		row.src.file = numbers->file;
		if (!TJ_PUSH(book->arena, &book->gwp, row))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

enum tj_rc
tj_book_merge(struct tj_book *book, const struct tj_book *from, tj_str file,
    struct tj_err *err)
{
	struct numbers numbers;

	TRY(number_all(&numbers, book, from, file, err));
	merge_descriptions(book, from, &numbers);
	TRY(merge_exchanges(book, from, &numbers, err));
	return merge_flows(book, from, &numbers, err);
}
