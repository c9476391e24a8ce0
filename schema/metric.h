/* metric: the names of what a trial measures, one each for code, SQL, sheets and documents.
 *
 * Every value is a duration in nanoseconds given as an interval [lo, hi], because every event is
 * known as an interval (lo, hi] between two polls. */
#ifndef REJOIN_SCHEMA_METRIC_H
#define REJOIN_SCHEMA_METRIC_H

#include <stdint.h>

enum metric {
	METRIC_DETECTION,   /* fault -> first survivor that no longer shows the old master */
	METRIC_REELECTION,  /* fault -> first survivor that shows the new master */
	METRIC_AGREEMENT,   /* fault -> last survivor that shows the new master */
	METRIC_MASTERLESS,  /* per survivor: old master gone -> new master shown */
	METRIC_SPREAD,	    /* first survivor with the new master -> last one */
	METRIC_DUAL_MASTER, /* for how long two nodes named different masters at once; 0 is a
			       result */
	METRIC_WRITE_GAP,   /* last acknowledged write before -> first one after (client's view) */
	METRIC_SHUTDOWN,    /* stop asked -> process gone */
	METRIC_BOOT,	    /* start asked -> node answers HTTP */
	METRIC_REJOIN, /* start asked -> first survivor lists the node with a new ephemeral id */
	METRIC_REJOIN_ALL, /* start asked -> every node, itself included, lists it and names the
			      same master */
	METRIC_REDUNDANCY, /* start asked -> as many live voters, and a health, as before the fault
			    */
	METRIC_DOWNTIME,   /* fault -> rejoin reached */
	METRIC_RECOVERY,   /* after a lost quorum: start asked -> first node that shows a master */
	N_METRICS,
};

/* The instant that a metric counts from. */
enum origin {
	ORIGIN_OWN, /* the metric has its own: masterless, spread, dual_master, write_gap */
	ORIGIN_FAULT_ISSUED, /* just before the driver's call: what an operator feels. The default
			      */
	ORIGIN_FAULT_DONE,   /* the driver's call had returned */
	ORIGIN_HTTP_REFUSED, /* the victim no longer answered HTTP */
	ORIGIN_PROCESS_GONE, /* the victim's process had ended */
	ORIGIN_START_ISSUED, /* just before the driver's call to start it again */
	N_ORIGINS,
};

extern const char *const metric_names[N_METRICS + 1]; /* ends with NULL */
extern const char *const metric_meanings[N_METRICS];  /* one line, for help and sheets */
extern const char *const origin_names[N_ORIGINS + 1]; /* ORIGIN_OWN: "" */

/* The origin that reports use unless told otherwise. */
enum origin metric_default_origin(enum metric metric);
/* With from (one of the four of a fault) for those that count from the fault. */
enum origin metric_origin(enum metric metric, enum origin from);

int metric_by_name(const char *name); /* -1: none */
int origin_by_name(const char *name);

#endif
