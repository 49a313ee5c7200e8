Who is not enrolled to give returns nothing by the word, though its order says what it gave away.
---
safety enrols 10 roles act as third
root gives third: pad 0-12 of first as right
third returns right as back
---
third: firm [GRANT-1]: third is granted from the charter
right: firm [LEASE-5]: right is given through a proven chain from the charter
back: void [LEASE-6]: back is void: its author is not enrolled for this role
exception: void [LEASE-6]: back is void: its author is not enrolled for this role
