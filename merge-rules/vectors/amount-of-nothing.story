A claim of nothing, and one of two of a thing that is there once, are void.
---
node claims power 1-3 x0 as none
rival claims pad 1-3 x2 as twice
---
none/0: void [LEASE-6]: none is void: an amount is zero, more than there was, or of an exclusive resource not one
twice/0: void [LEASE-6]: twice is void: an amount is zero, more than there was, or of an exclusive resource not one
exception: void [LEASE-6]: none is void: an amount is zero, more than there was, or of an exclusive resource not one
exception: void [LEASE-6]: twice is void: an amount is zero, more than there was, or of an exclusive resource not one
