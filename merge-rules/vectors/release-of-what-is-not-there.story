A release names the alternatives of its claim, and states no more unused than there was.
---
root gives region: steel 0-12 x10 of first as heap
region gives node: steel 0-12 x5 of heap as own
node claims steel 1-3 x4 of own as job
node posts job alternatives 3 as misnamed
node posts job unused 9 as too-much
---
heap: firm [LEASE-5]: heap is given through a proven chain from the charter
own: firm [LEASE-5]: own is given through a proven chain from the charter
job/0: ended [BACK-2]: job was released by too-much
misnamed: void [LEASE-6]: misnamed is void: it names a footprint or an alternative that does not exist
too-much: void [LEASE-6]: too-much is void: an amount is zero, more than there was, or of an exclusive resource not one
exception: ended [BACK-2]: job was released by too-much
exception: void [LEASE-6]: misnamed is void: it names a footprint or an alternative that does not exist
exception: void [LEASE-6]: too-much is void: an amount is zero, more than there was, or of an exclusive resource not one
