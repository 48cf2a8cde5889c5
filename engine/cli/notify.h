#ifndef TJ_CLI_NOTIFY_H
#define TJ_CLI_NOTIFY_H

/*
 * Tells systemd how the service is: "READY=1", "STOPPING=1" (sd_notify(3), "Notes": one datagram
 * to the socket that NOTIFY_SOCKET names).  Nothing where there is none.
 */
void	 tj_notify(const char *state);
/* "RELOADING=1" with the time that it asks for since version 253. */
void	 tj_notify_reloading(void);

#endif
