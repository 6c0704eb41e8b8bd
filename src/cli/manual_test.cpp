#include "cli/manual.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ccr::cli {
namespace {

TEST(Manual, IsWhatTheDocumentsHave) {
    std::ifstream in(CCR_SOURCE_DIR "/docs/commands.md");
    std::stringstream content;
    content << in.rdbuf();
    EXPECT_EQ(content.str(), manual_markdown())
        << "run: build/dev/ccr manual --markdown > docs/commands.md";
}

TEST(Manual, ThePageHasRequestsThatRoffKnows) {
    std::istringstream page(manual_page());
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with('.')) continue;
        const std::string request = line.substr(0, line.find(' '));
        for (const char* known : {".TH", ".SH", ".TP", ".B", ".RS", ".RE", ".RI", ".I", ".br"})
            if (request == known) line.clear();
        EXPECT_EQ(line, "");
    }
}

}  // namespace
}  // namespace ccr::cli
