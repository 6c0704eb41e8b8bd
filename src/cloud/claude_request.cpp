#include "cloud/claude_request.h"

#include <algorithm>
#include <array>

#include "json/document.h"
#include "json/splice.h"
#include "json/writer.h"

namespace ccr::cloud {
namespace {

using config::Platform;

// Betas that Bedrock takes in anthropic_beta ("Anthropic Claude Messages API", Amazon Bedrock User
// Guide). A single other one makes it refuse the whole request with "invalid beta flag".
constexpr std::array<std::string_view, 10> kBedrockBetas{"computer-use-2024-10-22",
                                                         "computer-use-2025-01-24",
                                                         "token-efficient-tools-2025-02-19",
                                                         "interleaved-thinking-2025-05-14",
                                                         "output-128k-2025-02-19",
                                                         "dev-full-thinking-2025-05-14",
                                                         "context-1m-2025-08-07",
                                                         "context-management-2025-06-27",
                                                         "effort-2025-11-24",
                                                         "tool-search-tool-2025-10-19"};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

void append_items(std::string_view list, std::vector<std::string>& out) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        const std::string_view item = trimmed(list.substr(0, comma));
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
        if (!item.empty() && std::ranges::find(out, item) == out.end()) out.emplace_back(item);
    }
}

std::vector<std::string> accepted(const config::AwsSettings& settings) {
    std::vector<std::string> out;
    if (settings.betas)
        append_items(*settings.betas, out);
    else
        out.assign(kBedrockBetas.begin(), kBedrockBetas.end());
    return out;
}

void write_betas(json::Writer& w, const config::Provider& provider,
                 const std::vector<std::string>& betas, chat::Losses& losses) {
    const std::vector<std::string> known = accepted(provider.aws);
    std::vector<std::string_view> kept;
    for (const std::string& beta : betas) {
        if (std::ranges::find(known, beta) != known.end())
            kept.push_back(beta);
        else
            losses.push_back({"anthropic-beta", beta, "not among the betas that Bedrock takes"});
    }
    if (kept.empty()) return;
    w.key("anthropic_beta").open_array();
    for (const std::string_view beta : kept) w.string(beta);
    w.close_array();
}

bool is_moved(std::string_view name, Platform platform) {
    if (name == "model" || name == "tags" || name == "anthropic_version") return true;
    // Bedrock says in the address whether it streams.
    return platform == Platform::bedrock && (name == "stream" || name == "anthropic_beta");
}

}  // namespace

std::vector<std::string> betas_of(const net::Headers& headers) {
    std::vector<std::string> out;
    for (const auto& [name, value] : headers) {
        if (net::iequals(name, "anthropic-beta")) append_items(value, out);
    }
    return out;
}

std::string claude_body(const config::Provider& provider, std::string body,
                        const std::vector<std::string>& betas, chat::Losses& losses) {
    json::Document document;
    const auto root = document.parse(body);
    if (!root || !root->is_object()) return body;
    const bool bedrock = provider.platform == Platform::bedrock;
    std::vector<std::string> wanted = betas;
    std::string out;
    out.reserve(body.size() + 128);
    json::Writer w(out);
    // "Claude on Amazon Bedrock" and "Claude on Vertex AI": each has one version, its own.
    w.open_object().member("anthropic_version",
                           std::string_view(bedrock ? "bedrock-2023-05-31" : "vertex-2023-10-16"));
    for (const json::View::Member member : root->members()) {
        const std::string name = member.key().decode();
        if (bedrock && name == "anthropic_beta") {
            for (const json::View beta : member.value.elements())
                append_items(beta.text().decode(), wanted);
        }
        if (name == "tags") losses.push_back({"body", "tags", "the platform refuses them"});
        if (!is_moved(name, provider.platform)) w.escaped_key(member.key()).raw(member.value.raw());
    }
    if (bedrock) write_betas(w, provider, wanted, losses);
    w.close_object();
    return out;
}

std::string without_refused_betas(const config::Provider& provider, std::string_view body,
                                  std::string_view refusal, chat::Losses& losses) {
    if (provider.platform != Platform::bedrock) return "";
    if (refusal.find("invalid beta flag") == std::string_view::npos) return "";
    json::Document document;
    const auto root = document.parse(body);
    const json::View betas = root ? (*root)["anthropic_beta"] : json::View();
    if (!betas.has_elements()) return "";
    for (const json::View beta : betas.elements())
        losses.push_back({"anthropic-beta", beta.text().decode(), "this model takes no such beta"});
    std::vector<json::Splice> cut;
    json::cut_member(*root, "anthropic_beta", cut);
    return json::apply(body, std::move(cut));
}

void claude_headers(const config::Provider& provider, bool stream, net::Headers& headers) {
    headers.remove("anthropic-version");
    if (provider.platform != Platform::bedrock) return;
    headers.remove("anthropic-beta");
    if (stream) headers.set("accept", "application/vnd.amazon.eventstream");
}

}  // namespace ccr::cloud
