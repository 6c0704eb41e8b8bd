#include "wire/golden_fixture.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "wire/relay_fixture.h"

namespace ccr::wire {

void expect_golden(std::string_view name, const std::string& text) {
    const auto path = std::filesystem::path(CCR_SOURCE_DIR) / "tests" / "golden" / name;
    if (std::getenv("CCR_UPDATE_GOLDEN")) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    EXPECT_EQ(read_file(path), text)
        << name << " differs: look at it, or run with CCR_UPDATE_GOLDEN=1";
}

}  // namespace ccr::wire
