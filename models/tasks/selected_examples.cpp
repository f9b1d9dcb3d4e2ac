// SPDX-License-Identifier: Apache-2.0
// Chooses examples.
#include "models/tasks/selected_examples.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "models/tasks/checksum.h"
#include "nn/train/batches.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Streams of the seed, apart from those of the epochs' orders.
constexpr uint64_t split_stream = uint64_t{3} << 62, sample_stream = split_stream + 1;

// All examples of one kin.
using Family = std::vector<int64_t>;

// In the order in which the seed draws their first members.
std::vector<Family> families_of(const Examples& examples, uint64_t seed) {
  std::vector<Family> families;
  std::unordered_map<uint64_t, size_t> places;
  for (const int64_t example : permutation(examples.size(), seed, split_stream)) {
    const auto [place, is_new] = places.try_emplace(examples.kin(example), families.size());
    if (is_new) families.emplace_back();
    families[place->second].push_back(example);
  }
  return families;
}

// All examples of the groups that begin with these, in the order of the file.
std::vector<int64_t> whole_groups(const Examples& examples, std::vector<int64_t> firsts) {
  std::ranges::sort(firsts);
  std::vector<int64_t> all;
  for (const int64_t first : firsts)
    for (int64_t i = first; i < examples.size() && examples.group(i) == examples.group(first); ++i) all.push_back(i);
  return all;
}

}  // namespace

SelectedExamples::SelectedExamples(std::shared_ptr<Examples> of, std::vector<int64_t> which)
    : of_(std::move(of)), which_(std::move(which)) {
  for (const int64_t example : which_)
    check(example >= 0 && example < of_->size(), "example {} of {}", example, of_->size());
  if (auto* partners = dynamic_cast<DrawnPartners*>(of_.get())) partners->draw_among(which_);
  lengths_.resize(which_.size());
  take_lengths();
}

void SelectedExamples::take_lengths() {
  for (size_t i = 0; i < which_.size(); ++i) lengths_[i] = of_->lengths()[static_cast<size_t>(which_[i])];
}

void SelectedExamples::begin_epoch(int64_t epoch) {
  of_->begin_epoch(epoch);
  take_lengths();
}

void SelectedExamples::draw_among(std::span<const int64_t> which) {
  if (auto* partners = dynamic_cast<DrawnPartners*>(of_.get())) partners->draw_among(of_whole(which));
}

std::vector<int64_t> SelectedExamples::of_whole(std::span<const int64_t> examples) const {
  std::vector<int64_t> whole;
  whole.reserve(examples.size());
  for (const int64_t example : examples) whole.push_back(of_whole(example));
  return whole;
}

Fingerprint SelectedExamples::identity() const {
  Fingerprint identity = of_->identity();
  identity["chosen examples"] = checksum_text(checksum(which_));
  return identity;
}

std::unique_ptr<Examples> SelectedExamples::read_by(TaskModel& other) const {
  return std::make_unique<SelectedExamples>(of_->read_by(other), which_);
}

ExampleSplit split_examples(const Examples& examples, double share, uint64_t seed) {
  std::map<int64_t, std::vector<Family>> strata;
  int64_t count = 0;
  for (Family& family : families_of(examples, seed)) {
    ++count;
    std::vector<Family>& stratum = strata[examples.stratum(family[0])];
    stratum.push_back(std::move(family));
  }
  ExampleSplit split;
  double wanted = 0;  // of the strata so far
  for (const auto& [stratum, families] : strata) {
    for (const Family& family : families) wanted += share * static_cast<double>(family.size());
    int64_t due = std::llround(wanted) - std::ssize(split.validation);
    size_t left = families.size();
    for (const Family& family : families) {
      const bool is_held_back = std::ssize(family) <= due && left > 1;
      if (is_held_back) {
        due -= std::ssize(family);
        --left;
      }
      std::vector<int64_t>& part = is_held_back ? split.validation : split.train;
      part.insert(part.end(), family.begin(), family.end());
    }
  }
  const std::string why = count == examples.size()
                              ? ""
                              : fmt::format(": those of the same {} stay together, and there are {} different ones",
                                            examples.words().one, count);
  check(!split.validation.empty(), "a share of {} of {} examples leaves none for validation{}", share, examples.size(),
        why);
  std::ranges::sort(split.train);
  std::ranges::sort(split.validation);
  return split;
}

std::vector<int64_t> sample_examples(const Examples& examples, int64_t count, uint64_t seed) {
  const std::vector<int64_t> groups = examples.first_of_groups();
  std::vector<int64_t> drawn = permutation(static_cast<int64_t>(groups.size()), seed, sample_stream);
  if (count < static_cast<int64_t>(drawn.size())) drawn.resize(static_cast<size_t>(count));
  for (int64_t& number : drawn) number = groups[static_cast<size_t>(number)];
  return whole_groups(examples, drawn);
}

}  // namespace thaw
