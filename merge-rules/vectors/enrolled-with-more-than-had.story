Nobody hands on a role that it does not have.
---
safety enrols 10 roles act+enrol lane safety as third
third enrols 12 roles act+deny as fourth
---
third: firm [GRANT-1]: third is granted from the charter
fourth: void [GRANT-2]: fourth is void: it enrols with roles that its author lacks
exception: void [GRANT-2]: fourth is void: it enrols with roles that its author lacks
