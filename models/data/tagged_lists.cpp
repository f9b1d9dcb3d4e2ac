// SPDX-License-Identifier: Apache-2.0
// Words and labels as lists of JSON.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/data/json_rows.h"
#include "models/data/tagged_source.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

class TaggedLists : public TaggedSource {
 public:
  TaggedLists(LineReader lines, const TaggedReading& reading) : rows_(std::move(lines)), reading_(reading) {}

  const std::string& name() const override { return rows_.name(); }

  bool next(TaggedSentence& sentence) override {
    if (!rows_.next(row_)) return false;
    sentence.line = rows_.number();
    sentence.words = texts(reading_.words_member, "words_member", "a word that is empty");
    sentence.lines.assign(sentence.words.size(), sentence.line);
    if (!reading_.with_tags) return true;
    if (sentence.words.empty()) fail("{}: has no words", row_.where(reading_.words_member));
    sentence.tags = tags();
    if (sentence.tags.size() != sentence.words.size())
      fail("{}: {} label{} for {} word{} in {}", row_.where(reading_.tags_member), sentence.tags.size(),
           sentence.tags.size() == 1 ? "" : "s", sentence.words.size(), sentence.words.size() == 1 ? "" : "s",
           quote_if_odd(reading_.words_member));
    return true;
  }

  std::string where(const TaggedSentence& sentence, size_t word) const override {
    return fmt::format("{}:{}: {}[{}]", name(), sentence.line, quote_if_odd(reading_.tags_member), word);
  }

 private:
  const Json& list(const std::string& member, const char* field) const {
    const Json* found = row_.find(member);
    if (!found) {
      std::vector<std::string> keys;
      for (const JsonMember& each : row_.members()) keys.push_back(each.key);
      fail("{}: has no {} (it has: {}): {} names another", rows_.where(), quote(member), listed(keys),
           reading_.called(field));
    }
    return row_.get_array(member);
  }

  std::vector<std::string> texts(const std::string& member, const char* field, const char* what) const {
    list(member, field);
    std::vector<std::string> texts = texts_member(row_, member);
    for (size_t i = 0; i < texts.size(); ++i)
      if (texts[i].find_first_not_of(" \t\r\n") == std::string::npos)
        fail("{}: {}", row_.get_array(member).where(i), what);
    return texts;
  }

  std::vector<std::string> tags() {
    const Json& all = list(reading_.tags_member, "tags_member");
    std::vector<std::string> tags;
    for (size_t i = 0; i < all.size(); ++i) {
      const bool number = all.at(i).is_integer();
      if (number != numbers_.value_or(number))
        fail("{}: expected {} as before, found {}", all.where(i), number ? "a name" : "a number", all.at(i).describe());
      numbers_ = number;
      if (number) tags.push_back(std::to_string(all.get_int(i, 0)));
    }
    return numbers_.value_or(false) ? tags : texts(reading_.tags_member, "tags_member", "a label that is empty");
  }

  JsonRows rows_;
  TaggedReading reading_;
  Json row_;
  std::optional<bool> numbers_;  // whether labels are numbers, once one is known
};

}  // namespace

std::unique_ptr<TaggedSource> make_tagged_lists(LineReader lines, const TaggedReading& reading) {
  return std::make_unique<TaggedLists>(std::move(lines), reading);
}

}  // namespace thaw
