// SPDX-License-Identifier: Apache-2.0
// The entailment data set from WordNet.
#include "examples/data/wordnet_nli.h"

#include <algorithm>
#include <array>
#include <map>

#include "examples/data/draw.h"

namespace thaw {
namespace {

constexpr std::array subject_files = {5, 6, 13, 18, 20};  // animals, artefacts, food, persons, plants
constexpr int min_gloss_words = 4;
constexpr int max_dependants = 8;
constexpr size_t nearest_neighbours = 4;

struct Noun {
  int synset = 0;
  std::vector<int> ancestors;
  int entailed_class = 0;
};

bool contains(const std::vector<int>& items, int item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

// As long as the words have letters, none of which is a capital.
bool is_lower_case(const std::string& text) {
  const auto in = [&](char low, char high) {
    return std::any_of(text.begin(), text.end(), [=](char c) { return c >= low && c <= high; });
  };
  return in('a', 'z') && !in('A', 'Z');
}

int word_count(const std::string& text) {
  int words = 0;
  for (size_t i = 0; i < text.size(); ++i) words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
  return words;
}

std::vector<Noun> chosen_nouns(const std::vector<Synset>& synsets) {
  std::vector<Noun> nouns;
  for (size_t i = 0; i < synsets.size(); ++i) {
    const auto& synset = synsets[i];
    if (std::find(subject_files.begin(), subject_files.end(), synset.lexicographer_file) == subject_files.end())
      continue;
    if (synset.hypernyms.empty() || !is_lower_case(synset.words[0]) || word_count(synset.gloss) < min_gloss_words)
      continue;
    nouns.push_back({static_cast<int>(i), wordnet_ancestors(synsets, static_cast<int>(i)), 0});
  }
  return nouns;
}

// Draws each noun's class; nouns that have none among their ancestors go.
void draw_classes(std::vector<Noun>& nouns, size_t synset_count, Draw& draw) {
  std::vector<int> dependants(synset_count, 0);
  for (const auto& noun : nouns) {
    for (const int ancestor : noun.ancestors) ++dependants[static_cast<size_t>(ancestor)];
  }
  std::vector<Noun> kept;
  for (auto& noun : nouns) {
    std::vector<int> classes;
    for (const int ancestor : noun.ancestors) {
      if (classes.size() < nearest_neighbours && dependants[static_cast<size_t>(ancestor)] >= max_dependants)
        classes.push_back(ancestor);
    }
    if (classes.empty()) continue;
    noun.entailed_class = classes[draw.below(classes.size())];
    kept.push_back(std::move(noun));
  }
  nouns = std::move(kept);
}

// Whether "it is a CLASS" is false for the noun, as far as WordNet knows.
bool contradicts(const std::vector<Synset>& synsets, const Noun& noun, int candidate) {
  if (candidate == noun.synset || contains(noun.ancestors, candidate)) return false;
  if (contains(wordnet_ancestors(synsets, candidate), noun.synset)) return false;
  const auto& name = synsets[static_cast<size_t>(candidate)].words[0];
  const auto has_name = [&](int synset) {
    const auto& words = synsets[static_cast<size_t>(synset)].words;
    return std::find(words.begin(), words.end(), name) != words.end();
  };
  return !has_name(noun.synset) && std::none_of(noun.ancestors.begin(), noun.ancestors.end(), has_name);
}

// Gives every noun the class of another: result[i] is the noun whose class noun i gets. A shuffle, in which a noun that
// got a class that is true of it changes places with one drawn at random, if that serves both. A noun whose class
// nobody can take ("it is a whole" is true of nearly all) goes, and the rest is shuffled again.
std::vector<size_t> permute_classes(const std::vector<Synset>& synsets, std::vector<Noun>& nouns, Draw& draw) {
  constexpr int max_tries = 1000;
  while (true) {
    std::vector<size_t> giver(nouns.size());
    for (size_t i = 0; i < giver.size(); ++i) giver[i] = i;
    draw.shuffle(giver);
    const auto fits = [&](size_t i, size_t from) { return contradicts(synsets, nouns[i], nouns[from].entailed_class); };
    std::vector<bool> stuck(nouns.size(), false);
    for (size_t i = 0; i < nouns.size(); ++i) {
      bool placed = fits(i, giver[i]);
      for (int k = 0; k < max_tries && !placed; ++k) {
        const auto j = draw.below(nouns.size());
        if (!fits(i, giver[j]) || !fits(j, giver[i])) continue;
        std::swap(giver[i], giver[j]);
        placed = true;
      }
      if (!placed) stuck[giver[i]] = true;
    }
    std::vector<Noun> others;
    for (size_t i = 0; i < nouns.size(); ++i) {
      if (!stuck[i]) others.push_back(nouns[i]);
    }
    if (others.size() == nouns.size()) return giver;
    nouns = std::move(others);
  }
}

}  // namespace

std::vector<EntailmentRow> wordnet_nli(const std::vector<Synset>& synsets,
                                       const std::function<int(std::string_view)>& part_of, uint64_t seed) {
  Draw draw(seed);
  auto nouns = chosen_nouns(synsets);
  draw_classes(nouns, synsets.size(), draw);
  draw.shuffle(nouns);

  const auto of = [&](int synset) -> const Synset& { return synsets[static_cast<size_t>(synset)]; };
  const auto group_of = [&](const Noun& noun) {
    const auto& lemma = of(noun.synset).words[0];
    return lemma.substr(lemma.rfind(' ') + 1);
  };
  std::map<int, std::vector<Noun>> parts;
  for (auto& noun : nouns) {
    const int part = part_of(group_of(noun));
    parts[part].push_back(std::move(noun));
  }
  std::vector<EntailmentRow> rows;
  for (auto& part : parts) {
    std::vector<Noun>& members = part.second;
    const auto giver = permute_classes(synsets, members, draw);
    for (size_t i = 0; i < members.size(); ++i) {
      const auto& synset = of(members[i].synset);
      const auto premise = "a " + synset.words[0] + " is " + synset.gloss;
      const auto hypothesis = [&](size_t from) { return "it is a " + of(members[from].entailed_class).words[0]; };
      rows.push_back({group_of(members[i]), premise, hypothesis(i), true});
      rows.push_back({group_of(members[i]), premise, hypothesis(giver[i]), false});
    }
  }
  return rows;
}

}  // namespace thaw
