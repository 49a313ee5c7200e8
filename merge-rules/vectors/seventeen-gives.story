A right goes through sixteen gives at most.
---
root gives region: pad 0-12 of first as one
region gives node: pad 0-12 of one as two
node gives rival: pad 0-12 of two as three
rival gives node: pad 0-12 of three as four
node gives rival: pad 0-12 of four as five
rival gives node: pad 0-12 of five as six
node gives rival: pad 0-12 of six as seven
rival gives node: pad 0-12 of seven as eight
node gives rival: pad 0-12 of eight as nine
rival gives node: pad 0-12 of nine as ten
node gives rival: pad 0-12 of ten as eleven
rival gives node: pad 0-12 of eleven as twelve
node gives rival: pad 0-12 of twelve as thirteen
rival gives node: pad 0-12 of thirteen as fourteen
node gives rival: pad 0-12 of fourteen as fifteen
rival gives node: pad 0-12 of fifteen as sixteen
node gives rival: pad 0-12 of sixteen as seventeen
node claims pad 1-3 of sixteen as early
rival claims pad 4-6 of seventeen as beyond
---
one: firm [LEASE-5]: one is given through a proven chain from the charter
two: firm [LEASE-5]: two is given through a proven chain from the charter
three: firm [LEASE-5]: three is given through a proven chain from the charter
four: firm [LEASE-5]: four is given through a proven chain from the charter
five: firm [LEASE-5]: five is given through a proven chain from the charter
six: firm [LEASE-5]: six is given through a proven chain from the charter
seven: firm [LEASE-5]: seven is given through a proven chain from the charter
eight: firm [LEASE-5]: eight is given through a proven chain from the charter
nine: firm [LEASE-5]: nine is given through a proven chain from the charter
ten: firm [LEASE-5]: ten is given through a proven chain from the charter
eleven: firm [LEASE-5]: eleven is given through a proven chain from the charter
twelve: firm [LEASE-5]: twelve is given through a proven chain from the charter
thirteen: firm [LEASE-5]: thirteen is given through a proven chain from the charter
fourteen: firm [LEASE-5]: fourteen is given through a proven chain from the charter
fifteen: firm [LEASE-5]: fifteen is given through a proven chain from the charter
sixteen: firm [LEASE-5]: sixteen is given through a proven chain from the charter
seventeen: void [RIGHT-3]: seventeen is void: too many gives stand between it and the charter
early/0: overdrawn [ORDER-2]: early is more than right sixteen had left when it was given
beyond/0: void [RIGHT-3]: beyond is void: too many gives stand between it and the charter
exception: void [RIGHT-3]: seventeen is void: too many gives stand between it and the charter
exception: overdrawn [ORDER-2]: early is more than right sixteen had left when it was given
exception: void [RIGHT-3]: beyond is void: too many gives stand between it and the charter
