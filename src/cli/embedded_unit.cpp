#include "cli/embedded_unit.h"

#if defined(__APPLE__)
#define CCR_UNIT_SECTION ".const_data\n"
#define CCR_UNIT_SYMBOL(name) "_" #name
#define CCR_UNIT_END ".text\n"
#else
#define CCR_UNIT_SECTION ".pushsection .rodata\n"
#define CCR_UNIT_SYMBOL(name) #name
#define CCR_UNIT_END ".popsection\n"
#endif

// CCR_UNIT_FILE is named by CMake, which builds this file anew when it changes.
asm(CCR_UNIT_SECTION
    ".globl " CCR_UNIT_SYMBOL(kCcrUnit) "\n"
    CCR_UNIT_SYMBOL(kCcrUnit) ":\n"
    ".incbin \"" CCR_UNIT_FILE "\"\n"
    ".globl " CCR_UNIT_SYMBOL(kCcrUnitEnd) "\n"
    CCR_UNIT_SYMBOL(kCcrUnitEnd) ":\n"
    ".byte 0\n"
    CCR_UNIT_END);

extern "C" const char kCcrUnit[], kCcrUnitEnd[];

namespace ccr::cli {

std::string_view embedded_unit() {
    return {kCcrUnit, static_cast<std::size_t>(kCcrUnitEnd - kCcrUnit)};
}

}  // namespace ccr::cli
