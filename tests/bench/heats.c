/*
 * heats N FOLDER [SEED]: a year of an invented steelworks with N heats, as its ERP, MES
 * and meters would export it, and the tanji.conf that reads it.
 *
 * A heat is made of hot metal of one or two taps, scrap, lime, two alloys, and what was
 * left of one to three earlier heats of its casting sequence (tundish, skull); it leaves
 * slag.  A tap is made of sinter, pellets, coke and coal and leaves slag.  Energy is metered
 * by work centre and day.  The same N and SEED give the same bytes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DAYS		365
#define HEATS_PER_TAP	20
#define SEQUENCE	12		/* heats cast one after the other */

static const char conf[] =
    "[company]\n"
    "issuer = did:web:heats.example\n"
    "name = Example Steelworks\n"
    "profile = iso14067\n"
    "period = 2025-01-01..2025-12-31\n"
    "region = CN\n"
    "\n[output]\nfiles = no\n"
    "\n[read]\n"
    "sap-mara = in/materials.csv\n"
    "mes-orders = in/orders.csv\n"
    "sap-mb51 = in/movements.csv\n"
    "meter-readings = in/readings.csv\n"
    "\n[factors]\nfile = in/factors.csv\n"
    "\n[process BF1]\nname = Blast furnace\nallocation = economic\ncarbon_balance = yes\n"
    "\n[process BOF1]\nname = Converter\nallocation = economic\ncarbon_balance = yes\n"
    "\n[declare]\nmaterial = STEEL\nid = 88.999.2001/{batch}\n";

static const char materials[] =
    "MATNR,MAKTX,MEINS,BESKZ,STPRS,Class,Carbon content,Emission factor\n"
    "SINTER,Sinter,TO,F,900,,0,f.sinter\n"
    "PELLET,Pellets,TO,F,950,,0,f.pellet\n"
    "COKE,Coke,TO,F,2200,,0.83,f.coke\n"
    "PCI,Coal for injection,TO,F,1100,,0.67,f.pci\n"
    "HOTMETAL,Hot metal,TO,E,2600,,0.044,\n"
    "BFSLAG,Blast furnace slag,TO,E,60,slag,0,\n"
    "SCRAP,Scrap,TO,F,2400,scrap,0.01,f.scrap\n"
    "LIME,Burnt lime,TO,F,450,,0,f.lime\n"
    "FEMN,Ferromanganese,TO,F,7000,,0.02,f.femn\n"
    "FESI,Ferrosilicon,TO,F,8000,,0,f.fesi\n"
    "STEEL,Liquid steel C15,TO,E,3100,,0.0015,\n"
    "BOFSLAG,Converter slag,TO,E,30,slag,0,\n"
    "POWER,Electricity,KWH,F,,electricity,,f.power\n"
    "OXYGEN,Oxygen,NM3,F,,,,f.oxygen\n";

static const char factors[] =
    "product,unit,flow,amount_kg_per_unit,category,region,year,source,quality,gwp_basis\n"
    "f.sinter,t,CO2e,446,fossil,CN,2025,invented,secondary,\n"
    "f.pellet,t,CO2e,120,fossil,CN,2025,invented,secondary,\n"
    "f.coke,t,CO2e,1060,fossil,CN,2025,invented,secondary,\n"
    "f.pci,t,CO2,180,fossil,CN,2025,invented,secondary,\n"
    "f.pci,t,CH4,6.5,fossil,CN,2025,invented,secondary,\n"
    "f.scrap,t,CO2e,31,fossil,CN,2025,invented,secondary,\n"
    "f.lime,t,CO2e,1080,fossil,CN,2025,invented,secondary,\n"
    "f.femn,t,CO2e,2900,fossil,CN,2025,invented,secondary,\n"
    "f.fesi,t,CO2e,5400,fossil,CN,2025,invented,secondary,\n"
    "f.power,kWh,CO2e,0.5777,fossil,CN,2024,invented,secondary,\n"
    "f.oxygen,Nm3,CO2e,0.38,fossil,CN,2024,invented,secondary,\n";

struct works {
	uint64_t	 seed;
	uint64_t	 document;	/* number of the last movement */
	uint32_t	 heats;
	FILE		*orders, *movements, *readings;
	const char	*folder;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t
random64(struct works *w)
{
	uint64_t z = (w->seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double
between(struct works *w, double low, double high)
{
	return low + (high - low) * (double)(random64(w) >> 11) * 0x1p-53;
}

static void
stop(const char *what)
{
	(void)fprintf(stderr, "heats: %s: %s\n", what, strerror(errno));
	exit(1);
}

static FILE *
create(const struct works *w, const char *name)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", w->folder, name);
	if ((file = fopen(path, "w")) == NULL)
		stop(path);
	return file;
}

static void
done(FILE *file, const char *what)
{
	if (ferror(file) || fclose(file) != 0)
		stop(what);
}

static void
write_text(const struct works *w, const char *name, const char *text)
{
	FILE *file = create(w, name);

	(void)fputs(text, file);
	done(file, name);
}

static void
make_folders(const struct works *w)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/in", w->folder);
	if ((mkdir(w->folder, 0755) != 0 && errno != EEXIST) ||
	    (mkdir(path, 0755) != 0 && errno != EEXIST))
		stop(w->folder);
}

/* "2025-03-14" of the day of the year. */
static const char *
date(char text[32], uint32_t day)
{
	static const uint32_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint32_t month = 0;

	for (; day >= lengths[month]; month++)
		day -= lengths[month];
	(void)snprintf(text, 32, "2025-%02u-%02u", month + 1, day + 1);
	return text;
}

static void
order(struct works *w, const char *kind, uint32_t number, const char *material,
    const char *work_centre, double tonnes, const char *day)
{
	(void)fprintf(w->orders, "%s%07u,%s,%s%07u,%s,%.3f,TO,%s,%s\n", kind, number, material,
	    kind, number, work_centre, tonnes, day, day);
}

/* Of order KIND NUMBER; `batch` is empty or that of what was moved. */
static void
move(struct works *w, int type, const char *kind, uint32_t number, const char *material,
    const char *batch, double tonnes, const char *day)
{
	(void)fprintf(w->movements, "49%08" PRIu64 ",1,%d,%s%07u,%s,%s,%.3f,TO,%s\n",
	    ++w->document, type, kind, number, material, batch, tonnes, day);
}

static void
tap(struct works *w, uint32_t number, const char *day)
{
	const double tonnes = between(w, 1500, 1900);

	order(w, "T", number, "HOTMETAL", "BF1", tonnes, day);
	move(w, 261, "T", number, "SINTER", "", tonnes * between(w, 1.2, 1.3), day);
	move(w, 261, "T", number, "PELLET", "", tonnes * between(w, 0.3, 0.4), day);
	move(w, 261, "T", number, "COKE", "", tonnes * between(w, 0.34, 0.38), day);
	move(w, 261, "T", number, "PCI", "", tonnes * between(w, 0.13, 0.16), day);
	move(w, 531, "T", number, "BFSLAG", "", tonnes * between(w, 0.27, 0.31), day);
}

static void
remelt(struct works *w, uint32_t heat, const char *day)
{
	const uint32_t before = heat % SEQUENCE;
	const uint32_t most = before < 3 ? before : 3;
	uint32_t count = most == 0 ? 0 : 1 + (uint32_t)(random64(w) % most);
	char batch[16];

	for (uint32_t back = 1; count > 0; back++) {
		/* Of those that are left, as many as are wanted: no heat twice. */
		if (random64(w) % (before - back + 1) >= count)
			continue;
		(void)snprintf(batch, sizeof(batch), "H%07u", heat - back);
		move(w, 261, "H", heat, "STEEL", batch, between(w, 0.4, 2.5), day);
		count--;
	}
}

static void
heat(struct works *w, uint32_t number, const char *day)
{
	const uint32_t number_of_tap = number / HEATS_PER_TAP;
	const double hot_metal = between(w, 78, 84);
	const double of_last = number_of_tap > 0 && number % HEATS_PER_TAP < 3 ?
	    between(w, 10, 40) : 0;
	char batch[16];

	order(w, "H", number, "STEEL", "BOF1", between(w, 92, 96), day);
	(void)snprintf(batch, sizeof(batch), "T%07u", number_of_tap);
	move(w, 261, "H", number, "HOTMETAL", batch, hot_metal - of_last, day);
	if (of_last > 0) {
		(void)snprintf(batch, sizeof(batch), "T%07u", number_of_tap - 1);
		move(w, 261, "H", number, "HOTMETAL", batch, of_last, day);
	}
	move(w, 261, "H", number, "SCRAP", "", between(w, 16, 20), day);
	move(w, 261, "H", number, "LIME", "", between(w, 3.5, 4.5), day);
	move(w, 261, "H", number, "FEMN", "", between(w, 0.5, 0.9), day);
	move(w, 261, "H", number, "FESI", "", between(w, 0.1, 0.3), day);
	remelt(w, number, day);
	move(w, 531, "H", number, "BOFSLAG", "", between(w, 8, 11), day);
}

static void
reading(struct works *w, const char *work_centre, const char *carrier, double amount,
    const char *unit, uint32_t day)
{
	char text[32];

	(void)fprintf(w->readings, "R%s%s%03u,M-%s-%s,%s,%s,%.1f,%s,%s,%s\n", work_centre,
	    carrier, day, work_centre, carrier, work_centre, carrier, amount, unit,
	    date(text, day), text);
}

/* The taps and heats of a day, and what was metered. */
static void
work(struct works *w, uint32_t day)
{
	const uint32_t first = (uint32_t)((uint64_t)w->heats * day / DAYS);
	const uint32_t end = (uint32_t)((uint64_t)w->heats * (day + 1) / DAYS);
	const double heats = end - first;
	char text[32];

	(void)date(text, day);
	for (uint32_t i = first; i < end; i++) {
		if (i % HEATS_PER_TAP == 0)
			tap(w, i / HEATS_PER_TAP, text);
		heat(w, i, text);
	}
	reading(w, "BF1", "POWER", heats * between(w, 2500, 3000), "kWh", day);
	reading(w, "BOF1", "POWER", heats * between(w, 4000, 5000), "kWh", day);
	reading(w, "BOF1", "OXYGEN", heats * between(w, 5000, 5500), "Nm3", day);
}

static void
write_all(struct works *w)
{
	make_folders(w);
	write_text(w, "tanji.conf", conf);
	write_text(w, "in/materials.csv", materials);
	write_text(w, "in/factors.csv", factors);
	w->orders = create(w, "in/orders.csv");
	w->movements = create(w, "in/movements.csv");
	w->readings = create(w, "in/readings.csv");
	(void)fputs("Order,Material,Batch,Work centre,Quantity,Unit,Start,End\n", w->orders);
	(void)fputs("MBLNR,ZEILE,BWART,AUFNR,MATNR,CHARG,ERFMG,ERFME,BUDAT\n", w->movements);
	(void)fputs("Reading,Meter,Work centre,Energy carrier,Consumption,Unit,From,To\n",
	    w->readings);
	for (uint32_t day = 0; day < DAYS; day++)
		work(w, day);
	done(w->orders, "orders");
	done(w->movements, "movements");
	done(w->readings, "readings");
}

int
main(int argc, char **argv)
{
	struct works w = { .seed = 1 };
	unsigned long heats;

	if (argc < 3 || argc > 4 || (heats = strtoul(argv[1], NULL, 10)) < 1 ||
	    heats > 9999999) {
		(void)fprintf(stderr, "usage: heats N FOLDER [SEED]; N is 1 to 9999999\n");
		return 2;
	}
	if (argc > 3)
		w.seed = strtoull(argv[3], NULL, 10);
	w.heats = (uint32_t)heats;
	w.folder = argv[2];
	write_all(&w);
	return 0;
}
