#include "config/text_file.h"

#include <fmt/format.h>

#include "config/read_file.h"
#include "json/utf8.h"

namespace ccr::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::shared_ptr<const std::string> TextFile::text(const std::string& path) {
    if (path.empty()) return nullptr;
    const std::lock_guard lock(mutex_);
    FileState now = state_of(path);
    if (!read_once_ || path != path_ || now != state_) {
        read_once_ = true;
        path_ = path;
        state_ = now;
        read();
    }
    return text_;
}

void TextFile::read() {
    text_.reset();
    auto content = read_file(path_);
    const auto problem = [&](std::string_view what) {
        on_problem_(
            fmt::format("{} names {}, which {}; requests go on without it", setting_, path_, what));
    };
    if (!content) return problem("cannot be read (" + content.error().message + ")");
    if (!*content) return problem("is not there");
    std::string text = *std::move(*content);
    if (!json::is_valid_utf8(text)) return problem("is no UTF-8 text");
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    text_ = std::make_shared<const std::string>(std::move(text));
}

}  // namespace ccr::config
