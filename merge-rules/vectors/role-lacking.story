Who is enrolled to give alone claims nothing.
---
safety enrols 10 roles give as third
third claims track 1-3 as mine
---
third: firm [GRANT-1]: third is granted from the charter
mine/0: void [LEASE-6]: mine is void: its author is not enrolled for this role
exception: void [LEASE-6]: mine is void: its author is not enrolled for this role
