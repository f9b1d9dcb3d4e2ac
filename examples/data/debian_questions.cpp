// SPDX-License-Identifier: Apache-2.0
// Tells of packages, and asks.
#include "examples/data/debian_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "examples/data/description_words.h"
#include "examples/data/draw.h"
#include "examples/data/question_wordings.h"

namespace thaw {
namespace {

constexpr size_t questions_of_a_text = 5;
constexpr int most_tries = 20;           // of one kind of question, before another is drawn
constexpr size_t longest_sentence = 20;  // of a description, in words

struct Fact {
  Relation relation = Relation::purpose;
  std::string value;
  size_t place = std::string::npos;  // of the value in the text, in bytes; npos where it is not told
};

struct Subject {
  std::string name, description;
  std::vector<Fact> facts;  // the purpose first
  size_t place = 0;         // of the name in the text
};

struct Told {
  std::string context;
  std::vector<Subject> subjects;
};

std::string enumeration(std::span<const std::string> names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

// The first sentence, if it ends within so many words.
std::string first_sentence(const std::string& description) {
  const auto text = first_words(description.substr(0, description.find('\n')), longest_sentence);
  const auto end = text.find(". ");
  if (end != std::string::npos) return text.substr(0, end + 1);
  return text.ends_with('.') ? text : "";
}

// What is known of a package; nothing where it would make odd sentences.
std::optional<Subject> subject_of(const DebianPackage& package) {
  const auto& synopsis = package.synopsis;
  if (package.section == "rust" || package.name.size() > 30 || synopsis.size() < 10 || synopsis.size() > 80) return {};
  Subject subject{package.name, first_sentence(package.description), {}, 0};
  const auto add = [&](Relation relation, const std::string& value, size_t longest) {
    if (!value.empty() && value.size() <= longest) subject.facts.push_back({relation, value, std::string::npos});
  };
  add(Relation::purpose, synopsis, 80);
  add(Relation::maintainer, package.maintainer, 50);
  add(Relation::version, package.version, 20);
  add(Relation::homepage, package.homepage, 45);
  add(Relation::section, package.section, 20);
  if (!package.installed_size.empty()) add(Relation::size, package.installed_size + " kB", 20);
  const size_t needed = std::min<size_t>(3, package.depends.size());
  add(Relation::needs, enumeration(std::span(package.depends).first(needed)), 60);
  if (package.source != package.name) add(Relation::source, package.source, 30);
  return subject;
}

template <typename T>
const T& one_of(std::span<const T> items, Draw& draw) {
  return items[draw.below(items.size())];
}

void begin_with_capital(std::string& sentence) {
  if (sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
}

// Adds a sentence that tells the fact, and notes where.
void tell(Told& told, Subject& subject, Fact& fact, Draw& draw) {
  const bool is_first = fact.relation == Relation::purpose;
  std::string sentence(one_of(wordings(fact.relation).sentences, draw));
  const auto way = is_first ? 0 : draw.below(3);
  if (way == 0) {
    sentence = filled(filled(sentence, "{whose}", subject.name + "'s"), "{who}", subject.name);
  } else if (way == 1) {
    sentence = filled(filled(sentence, "{whose}", "its"), "{who}", "it");
    begin_with_capital(sentence);
  } else {
    sentence = filled(filled(sentence, "{whose}", "the package's"), "{who}", "the package");
    begin_with_capital(sentence);
  }
  if (!told.context.empty()) told.context += ' ';
  if (is_first) subject.place = told.context.size() + sentence.find(subject.name);
  fact.place = told.context.size() + sentence.find("{value}");
  told.context += filled(sentence, "{value}", fact.value);
}

// A text about the packages.
Told tell_of(std::vector<Subject> subjects, Draw& draw) {
  Told told;
  for (auto& subject : subjects) {
    tell(told, subject, subject.facts[0], draw);
    const auto describes = draw.below(8);  // first, last, not at all
    const auto describe = [&] {
      if (!subject.description.empty()) told.context += ' ' + subject.description;
    };
    if (describes == 0) describe();
    std::vector<size_t> order;
    for (size_t i = 1; i < subject.facts.size(); ++i) order.push_back(i);
    draw.shuffle(order);
    order.resize(std::min(order.size(), 2 + draw.below(2)));
    for (const size_t i : order) tell(told, subject, subject.facts[i], draw);
    if (describes == 1) describe();
  }
  told.subjects = std::move(subjects);
  return told;
}

class Asker {
 public:
  Asker(const Told& told, const QuestionsOptions& options, Draw& draw) : told_(told), options_(options), draw_(draw) {}

  // A question that the text answers; nothing if the draw fell on what cannot be asked.
  std::optional<MadeQuestion> answered() {
    const auto& subject = one_of<Subject>(told_.subjects, draw_);
    const auto& fact = one_of<Fact>(subject.facts, draw_);
    if (fact.place == std::string::npos) return {};
    if (draw_.below(4) > 0) return asked(subject, fact, false, fact.value, fact.place);
    size_t occurrences = 0;
    for (const auto& other : told_.subjects) {
      for (const auto& same : other.facts) occurrences += same.relation == fact.relation && same.value == fact.value;
    }
    if (occurrences > 1) return {};
    return asked(subject, fact, true, subject.name, subject.place);
  }

  // One that asks for what is not told of a package of the text.
  std::optional<MadeQuestion> untold() {
    const auto& subject = one_of<Subject>(told_.subjects, draw_);
    const auto& fact = one_of<Fact>(subject.facts, draw_);
    if (fact.place != std::string::npos || holds(fact.value)) return {};
    return asked(subject, fact, false, "", 0);
  }

  // One about a package that is not in the text, of a kind of fact that the text has.
  std::optional<MadeQuestion> elsewhere(const Subject& stranger) {
    const auto& like = one_of<Fact>(one_of<Subject>(told_.subjects, draw_).facts, draw_);
    const auto fact = std::find_if(stranger.facts.begin(), stranger.facts.end(),
                                   [&](const Fact& other) { return other.relation == like.relation; });
    const bool asks_which = draw_.below(4) == 0;
    if (like.place == std::string::npos || fact == stranger.facts.end() || holds(stranger.name) || holds(fact->value))
      return {};
    return asked(stranger, *fact, asks_which, "", 0);
  }

 private:
  bool holds(std::string_view text) const { return told_.context.find(text) != std::string::npos; }

  std::optional<MadeQuestion> asked(const Subject& subject, const Fact& fact, bool asks_which,
                                    const std::string& answer, size_t place) {
    if (!seen_.insert({subject.name, fact.relation, asks_which}).second) return {};
    const auto& table = wordings(fact.relation);
    auto choice = asks_which ? table.which_questions : table.questions;
    if (!options_.all_wordings) choice = choice.first(choice.size() - options_.held_out);
    auto text = filled(std::string(one_of(choice, draw_)), "{package}", subject.name);
    return MadeQuestion{"", filled(std::move(text), "{value}", fact.value), answer, place};
  }

  const Told& told_;
  const QuestionsOptions& options_;
  Draw& draw_;
  std::set<std::tuple<std::string, Relation, bool>> seen_;
};

}  // namespace

std::vector<QuestionedText> debian_questions(const std::vector<DebianPackage>& packages,
                                             const QuestionsOptions& options) {
  Draw draw(options.seed);
  std::vector<Subject> subjects;
  for (const auto& package : packages) {
    if (auto subject = subject_of(package)) subjects.push_back(std::move(*subject));
  }
  draw.shuffle(subjects);

  std::vector<QuestionedText> texts;
  size_t used = 0;
  while (texts.size() < options.texts) {
    const size_t count = draw.below(15) == 0 ? 9 + draw.below(3) : 2 + draw.below(2);
    if (used + count > subjects.size()) break;
    const auto first = subjects.begin() + static_cast<ptrdiff_t>(used);
    used += count;
    const auto told = tell_of({first, first + static_cast<ptrdiff_t>(count)}, draw);

    QuestionedText text{told.subjects[0].name, told.context, {}};
    Asker asker(told, options, draw);
    while (text.questions.size() < questions_of_a_text) {
      const auto kind = draw.below(6);
      std::optional<MadeQuestion> question;
      for (int tries = 0; tries < most_tries && !question; ++tries) {
        question = kind == 0   ? asker.untold()
                   : kind == 1 ? asker.elsewhere(one_of<Subject>(subjects, draw))
                               : asker.answered();
      }
      if (!question) continue;
      question->id = fmt::format("{}.{}.{}", options.name, texts.size(), text.questions.size());
      text.questions.push_back(std::move(*question));
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace thaw
