A return that overdraws a right of a giver outside the viewpoint is told only to who holds that giver's scope [RULE-1].
---
root gives region: pad 0-12 of first as right
safety enrols 10 as third scope a/c
region gives third: pad 0-6 of right as lent
third gives node: pad 0-3 of lent as part
node returns part as one
node returns part as two
seen from a/b
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
third: firm [GRANT-1]: third is granted from the charter
lent: firm [LEASE-5]: lent is given through a proven chain from the charter
part: nothing is known of it
one: unknown [ORDER-6]: one rests on record part, which is not here
two: unknown [ORDER-6]: two rests on record part, which is not here
all is told from a/b
