/* Linked with a whole layer and what that layer may use: nothing may be missing. */
int	main(void);

int
main(void)
{
	return 0;
}
