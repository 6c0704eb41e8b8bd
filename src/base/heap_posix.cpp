#include "base/heap.h"

namespace ccr {

// Other allocators than glibc's keep large blocks by themselves.
void keep_freed_memory() {}
void give_back_freed_memory() {}
void give_back_much_freed_memory() {}

}  // namespace ccr
