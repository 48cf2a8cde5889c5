#include "exchange/book_rows.h"

void
tj_book_mark(struct tj_book_mark *mark, const struct tj_book *book)
{
	*mark = (struct tj_book_mark){ .sizes = *book };
}

/* What a file has said of a name that was there before it. */
static void
forget_descriptions(struct tj_book *book, const struct tj_book_mark *mark, enum tj_table table)
{
	for (size_t i = 0; i < mark->described.n; i++) {
		const uint32_t number = mark->described.v[i];

		if (table == TJ_TABLE_products)
			book->products.v[number] =
			    tj_product_named(book->product_names.list.v[number]);
		else
			book->activities.v[number] =
			    tj_activity_named(book->activity_names.list.v[number]);
	}
}

void
tj_book_undo(struct tj_book *book, const struct tj_book_mark *mark, enum tj_table table)
{
	const struct tj_book *sizes = &mark->sizes;

	forget_descriptions(book, mark, table);
	tj_names_truncate(&book->files, sizes->files.list.n);
	tj_names_truncate(&book->product_names, sizes->product_names.list.n);
	tj_names_truncate(&book->activity_names, sizes->activity_names.list.n);
	tj_names_truncate(&book->flows, sizes->flows.list.n);
	book->products.n = sizes->products.n;
	book->activities.n = sizes->activities.n;
	book->outputs.n = sizes->outputs.n;
	book->inputs.n = sizes->inputs.n;
	book->emissions.n = sizes->emissions.n;
	book->factors.n = sizes->factors.n;
	book->shares.n = sizes->shares.n;
	book->gwp.n = sizes->gwp.n;
}
