// ccr: hands the command line to whoever answers its first word.
#include "cli/dispatch.h"

int main(int argc, char** argv) {
    const ccr::cli::Arguments arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return ccr::cli::dispatch(arguments, ccr::config::process_environment());
}
