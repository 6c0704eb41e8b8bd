#include "tokens/embedded.h"

#if defined(__APPLE__)
#define CCR_EMBED_SECTION ".const_data\n"
#define CCR_EMBED_SYMBOL(name) "_" #name
#define CCR_EMBED_END ".text\n"
#else
#define CCR_EMBED_SECTION ".pushsection .rodata\n"
#define CCR_EMBED_SYMBOL(name) #name
#define CCR_EMBED_END ".popsection\n"
#endif

// CCR_TOKEN_DATA is the folder; CMake names it and rebuilds this file when a table changes.
#define CCR_EMBED(name, file)                                                         \
    asm(CCR_EMBED_SECTION ".balign 16\n"                                            \
        ".globl " CCR_EMBED_SYMBOL(name##_begin) "\n"                               \
        CCR_EMBED_SYMBOL(name##_begin) ":\n"                                        \
        ".incbin \"" CCR_TOKEN_DATA "/" file "\"\n"                                 \
        ".globl " CCR_EMBED_SYMBOL(name##_end) "\n"                                 \
        CCR_EMBED_SYMBOL(name##_end) ":\n"                                          \
        ".byte 0\n" CCR_EMBED_END); \
    extern "C" const char name##_begin[], name##_end[]

CCR_EMBED(ccr_cl100k_ranks, "cl100k_base.bin");
CCR_EMBED(ccr_o200k_ranks, "o200k_base.bin");
CCR_EMBED(ccr_unicode_classes, "unicode_classes.bin");
CCR_EMBED(ccr_composition, "composition.bin");

namespace ccr::tokens {
namespace {

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view cl100k_ranks() {
    return between(ccr_cl100k_ranks_begin, ccr_cl100k_ranks_end);
}
std::string_view o200k_ranks() {
    return between(ccr_o200k_ranks_begin, ccr_o200k_ranks_end);
}
std::string_view unicode_classes() {
    return between(ccr_unicode_classes_begin, ccr_unicode_classes_end);
}
std::string_view composition_table() {
    return between(ccr_composition_begin, ccr_composition_end);
}

}  // namespace ccr::tokens
