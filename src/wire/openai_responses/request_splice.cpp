// The verbatim lane: the client's own bytes with the model's name replaced and, where a
// conversation has been with a provider of another protocol before, that provider's reasoning cut
// out (a packed seal would be refused as encrypted content).
#include <fmt/format.h>

#include "json/splice.h"
#include "json/writer.h"
#include "wire/openai_responses/losses.h"
#include "wire/openai_responses/provider_side.h"
#include "wire/seal.h"

namespace ccr::wire::openai_responses {
namespace {

using json::View;

bool is_foreign_reasoning(View item) {
    return item["type"].text().equals("reasoning") &&
           is_packed_seal(item["encrypted_content"].text());
}

void cut_foreign_reasoning(View input, std::vector<json::Splice>& splices, chat::Losses& losses) {
    if (!input.is_array()) return;
    std::vector<bool> keep;
    bool any_cut = false;
    for (const View item : input.elements()) {
        const bool foreign = is_foreign_reasoning(item);
        if (foreign) note(losses, fmt::format("input[{}]", keep.size()), Lost::thinking);
        any_cut = any_cut || foreign;
        keep.push_back(!foreign);
    }
    if (any_cut) json::cut_elements(input, keep, splices);
}

}  // namespace

SplicedRequest splice_request(View body, const Target& target) {
    SplicedRequest out;
    std::vector<json::Splice> splices;
    std::string model;
    json::Writer(model).string(target.model);
    if (const View asked = body["model"]; asked && asked.raw() != model)
        splices.push_back(json::replace(asked, std::move(model)));
    cut_foreign_reasoning(body["input"], splices, out.losses);
    out.body = json::SplicedText(body.document_text(), std::move(splices));
    return out;
}

}  // namespace ccr::wire::openai_responses
