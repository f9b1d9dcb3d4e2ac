// SPDX-License-Identifier: Apache-2.0
// Chooses questions on scenes so that no answer is a better guess than the others.
#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "examples/data/scene_questions.h"

namespace thaw {
namespace {

constexpr int64_t most_lead = 10;  // of an answer before the rarest of its group

class AnswerCounts {
 public:
  // May it be asked? An answer that was not given so far is not the rarest: it may be one that no scene has.
  bool is_open(const SceneQuestion& question) {
    const auto& answers = of_answers_[question.group];
    const auto given = answers.find(question.answer);
    if (given == answers.end()) return true;
    const auto rarest = std::ranges::min_element(answers, {}, [](const auto& answer) { return answer.second; });
    return given->second < rarest->second + most_lead;
  }
  // The rarest kind comes first, and of it the rarest answer.
  std::pair<int64_t, int64_t> rank(const SceneQuestion& question) {
    const auto& answers = of_answers_[question.group];
    const auto given = answers.find(question.answer);
    return {of_kinds_[question.kind], given == answers.end() ? 0 : given->second};
  }
  void add(const SceneQuestion& question) {
    ++of_kinds_[question.kind];
    ++of_answers_[question.group][question.answer];
  }

 private:
  std::map<std::string_view, int64_t> of_kinds_;
  std::map<std::string, std::map<std::string, int64_t>> of_answers_;
};

bool fits(const SceneQuestion& question, bool new_pairs) {
  const bool names_new = std::ranges::any_of(question.pairs, held_out);
  return new_pairs ? names_new || question.pairs.empty() : !names_new;
}

}  // namespace

std::vector<std::vector<SceneQuestion>> balanced_questions(const std::vector<Scene>& scenes, size_t per_scene,
                                                           bool new_pairs, Draw& draw) {
  std::vector<std::vector<SceneQuestion>> chosen;
  AnswerCounts counts;
  for (const Scene& scene : scenes) {
    std::vector<SceneQuestion> left = questions_of(scene);
    std::erase_if(left, [&](const SceneQuestion& question) { return !fits(question, new_pairs); });
    draw.shuffle(left);  // of equals the first is taken
    std::vector<SceneQuestion>& asked = chosen.emplace_back();
    while (asked.size() < per_scene) {
      std::erase_if(left, [&](const SceneQuestion& question) { return !counts.is_open(question); });
      const auto next =
          std::ranges::min_element(left, {}, [&](const SceneQuestion& question) { return counts.rank(question); });
      if (next == left.end()) break;
      counts.add(*next);
      asked.push_back(std::move(*next));
      left.erase(next);
    }
  }
  return chosen;
}

}  // namespace thaw
