#include "plugin/embedded.h"

#if defined(__APPLE__)
#define CCR_SCRIPT_SECTION ".const_data\n"
#define CCR_SCRIPT_SYMBOL(name) "_" #name
#define CCR_SCRIPT_END ".text\n"
#else
#define CCR_SCRIPT_SECTION ".pushsection .rodata\n"
#define CCR_SCRIPT_SYMBOL(name) #name
#define CCR_SCRIPT_END ".popsection\n"
#endif

// CCR_HOST_SCRIPT is the folder; CMake names it and rebuilds this file when a script changes.
#define CCR_SCRIPT_FILE(file) ".incbin \"" CCR_HOST_SCRIPT "/" file "\"\n"

asm(CCR_SCRIPT_SECTION
    ".globl " CCR_SCRIPT_SYMBOL(kCcrHostScript) "\n"
    CCR_SCRIPT_SYMBOL(kCcrHostScript) ":\n"
    CCR_SCRIPT_FILE("frames.js")
    CCR_SCRIPT_FILE("voices.js")
    CCR_SCRIPT_FILE("roster.js")
    CCR_SCRIPT_FILE("modules.js")
    CCR_SCRIPT_FILE("router.js")
    CCR_SCRIPT_FILE("passage.js")
    CCR_SCRIPT_FILE("transformers.js")
    CCR_SCRIPT_FILE("endpoint.js")
    CCR_SCRIPT_FILE("main.js")
    ".globl " CCR_SCRIPT_SYMBOL(kCcrHostScriptEnd) "\n"
    CCR_SCRIPT_SYMBOL(kCcrHostScriptEnd) ":\n"
    ".byte 0\n"
    CCR_SCRIPT_END);

extern "C" const char kCcrHostScript[], kCcrHostScriptEnd[];

namespace ccr::plugin {

std::string_view host_script() {
    return {kCcrHostScript, static_cast<std::size_t>(kCcrHostScriptEnd - kCcrHostScript)};
}

}  // namespace ccr::plugin
