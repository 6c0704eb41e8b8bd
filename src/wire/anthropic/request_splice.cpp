// The verbatim lane: the client's own bytes, with the model name replaced and, where a conversation
// has been with another provider before, that provider's thinking blocks cut out (Anthropic refuses
// foreign seals).
#include "json/splice.h"
#include "json/writer.h"
#include "wire/anthropic/losses.h"
#include "wire/anthropic/request.h"
#include "wire/place.h"
#include "wire/seal.h"

namespace ccr::wire::anthropic {
namespace {

using json::View;

bool is_foreign_thinking(View block) {
    return block["type"].text().equals("thinking") && is_packed_seal(block["signature"].text());
}

// Messages refuses an empty content array, so a message left with nothing says so.
void cut_foreign_thinking(View message, const Place& where, std::vector<json::Splice>& splices,
                          chat::Losses& losses) {
    const View content = message["content"];
    std::vector<bool> keep;
    bool any_cut = false, any_kept = false;
    for (const View block : content.elements()) {
        const bool foreign = is_foreign_thinking(block);
        keep.push_back(!foreign);
        (foreign ? any_cut : any_kept) = true;
    }
    if (!any_cut) return;
    note(losses, where.text(), Lost::thinking);
    if (any_kept)
        json::cut_elements(content, keep, splices);
    else
        splices.push_back(
            json::replace(content, R"x([{"type":"text","text":"(thinking omitted)"}])x"));
}

}  // namespace

SplicedRequest splice_request(View body, const Target& target) {
    SplicedRequest out;
    std::vector<json::Splice> splices;
    std::string model;
    json::Writer(model).string(target.model);
    if (const View asked = body["model"]; asked.raw() != model)
        splices.push_back(json::replace(asked, std::move(model)));
    const Place messages("messages");
    std::size_t index = 0;
    for (const View message : body["messages"].elements()) {
        const Place where = messages.element(index++);
        if (message["role"].text().equals("assistant"))
            cut_foreign_thinking(message, where, splices, out.losses);
    }
    out.body = json::SplicedText(body.document_text(), std::move(splices));
    return out;
}

}  // namespace ccr::wire::anthropic
