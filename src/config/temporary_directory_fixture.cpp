#include "config/temporary_directory_fixture.h"

#include <stdlib.h>

#include <stdexcept>
#include <string>

namespace ccr::config::fixture {
namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
    std::string pattern = (fs::canonical(fs::temp_directory_path()) / "ccr-config-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("no temporary directory can be made");
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace ccr::config::fixture
