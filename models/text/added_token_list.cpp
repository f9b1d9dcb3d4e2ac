// SPDX-License-Identifier: Apache-2.0
// Puts the list of added tokens together, in the reference's order.
#include "models/text/added_token_list.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

// Tokens without which thaw does not go on: it adds no rows to a model's embedding unasked.
constexpr std::array needed_roles = {"unk_token", "cls_token", "sep_token", "pad_token", "mask_token"};

bool contains(const std::vector<AddedToken>& tokens, std::string_view content) {
  return std::ranges::find(tokens, content, &AddedToken::content) != tokens.end();
}

// Adds tokens at once, as the reference counts their ids.
void add_tokens(const std::vector<AddedToken>& tokens, const Vocabulary& model, const std::string& path,
                std::vector<AddedToken>& list) {
  auto next = static_cast<int32_t>(model.count());
  for (const AddedToken& token : list) next = std::max(next, token.id + 1);
  for (AddedToken token : tokens) {
    const auto listed = std::ranges::find(list, token.content, &AddedToken::content);
    auto known = model.find_id(token.content);
    if (!known && listed != list.end()) known = listed->id;
    if (known && token.id >= 0 && token.id != *known)
      fail("{}: added token {} has id {}, but its id is {} already", path, quote(token.content), token.id, *known);
    if (!known) {
      const int32_t id = token.id >= 0 ? token.id : next;
      if (const std::string* other = model.find_token(id))
        fail("{}: id {} belongs to both {} and {}", path, id, quote(*other), quote(token.content));
      if (id > next) fail("{}: no token has id {}, though {} has id {}", path, next, quote(token.content), id);
      if (id < next) fail("{}: {} has id {}, but the next free one is {}", path, quote(token.content), id, next);
      known = next++;
    }
    token.id = *known;
    if (listed != list.end()) {
      *listed = std::move(token);
    } else {
      list.push_back(std::move(token));
    }
  }
}

}  // namespace

std::vector<AddedToken> list_added_tokens(const Vocabulary& model, const std::vector<AddedToken>& own,
                                          const TokenizerConfig& config, const std::string& path) {
  const bool is_file = config.kind.lists_own_first() && !own.empty();
  std::vector<AddedToken> list;
  if (is_file) add_tokens(own, model, path, list);

  std::vector<AddedToken> more = config.added;
  if (!is_file && !config.has_decoder) {
    std::erase_if(
        more, [&](const AddedToken& token) { return std::ranges::find(own, token.id, &AddedToken::id) != own.end(); });
    more.insert(more.end(), own.begin(), own.end());
    std::ranges::stable_sort(more, {}, &AddedToken::id);
  }
  std::erase_if(more, [&](const AddedToken& token) { return std::ranges::find(list, token) != list.end(); });
  for (AddedToken& token : more)
    if (std::ranges::any_of(config.named,
                            [&](const NamedToken& named) { return named.token.content == token.content; }))
      token.special = true;

  const auto add = [&](AddedToken token) {
    if (token.content.empty() || contains(list, token.content) || contains(more, token.content)) return;
    token.special = true;
    more.push_back(std::move(token));
  };
  for (const NamedToken& named : config.named) {
    const std::string& content = named.token.content;
    const bool is_needed = std::ranges::find(needed_roles, named.key) != needed_roles.end();
    if (is_needed && !content.empty() && !model.find_id(content) && !contains(list, content) &&
        !contains(more, content))
      fail("{}: {} is {}, which is not in the vocabulary", config.path, named.key, quote(content));
    add(named.token);
  }
  for (const AddedToken& token : config.extra) add(token);
  add_tokens(more, model, is_file || config.has_decoder || own.empty() ? config.path : path, list);
  std::ranges::stable_sort(list, {}, &AddedToken::id);
  return list;
}

Vocabulary with_added_tokens(const Vocabulary& model, const std::vector<AddedToken>& added) {
  Vocabulary all = model;
  for (const AddedToken& token : added)
    if (!model.find_id(token.content)) all.add(token.content, token.id);
  return all;
}

}  // namespace thaw
