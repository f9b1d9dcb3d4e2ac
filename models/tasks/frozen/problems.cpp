// SPDX-License-Identifier: Apache-2.0
// The problems that are generated.
#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

#include "models/data/sequences/distinct_draws.h"
#include "models/tasks/frozen/options.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

const std::vector<std::string> problem_names{"none", "bit-memory", "bit-xor", "listops"};
const std::vector<std::string> body_names{"pretrained", "random", "statistics"};

namespace {

// Sizes of splits that are not given. Of bits there may not be so many different sequences: three quarters of them are
// to learn from then, an eighth each to judge by.
SplitSizes sizes_of(const FrozenOptions& o) {
  SplitSizes usual{10'000, 1'000, 1'000};
  if (o.problem == "listops") usual = {50'000, 2'000, 2'000};
  if (const int64_t all = o.exclusive.distinct(); o.problem == "bit-xor" && all < usual.all())
    usual = {all / 4 * 3, all / 8, all / 8};
  const auto given = [](int64_t size, int64_t otherwise) { return size > 0 ? size : otherwise; };
  return {given(o.train_size, usual.train), given(o.validation_size, usual.validation), given(o.test_size, usual.test)};
}

}  // namespace

FrozenTransformerOptions FrozenOptions::transformer() const {
  FrozenTransformerOptions o;
  o.shape = {format.inputs, format.ids, format.answers * format.classes, format.read};
  o.weights = body == "random"       ? BodyWeights::random
              : body == "statistics" ? BodyWeights::statistics
                                     : BodyWeights::pretrained;
  if (body_seed) o.body_seed = static_cast<uint64_t>(*body_seed);
  o.body.dropout = body_dropout;
  return o;
}

std::vector<ProblemOption> options_of_other_problems(const FrozenOptions& o) {
  const FrozenOptions usual;
  std::vector<ProblemOption> others;
  const auto look_at = [&](const char* name, const char* of, auto value, auto usual_value) {
    const bool is_own = of == std::string_view("generated")  ? o.is_drawn()
                        : of == std::string_view("pictures") ? !o.is_drawn()
                                                             : o.problem == of;
    if (!is_own && value != usual_value) others.push_back({name, of, fmt::to_string(value)});
  };
  look_at("train_size", "generated", o.train_size, usual.train_size);
  look_at("validation_size", "generated", o.validation_size, usual.validation_size);
  look_at("test_size", "generated", o.test_size, usual.test_size);
  look_at("problem_seed", "generated", o.problem_seed, usual.problem_seed);
  look_at("strings", "bit-memory", o.memory.strings, usual.memory.strings);
  look_at("bits", "bit-memory", o.memory.bits, usual.memory.bits);
  look_at("bits_of_row", "bit-memory", o.memory.patch, usual.memory.patch);
  look_at("xor_bits", "bit-xor", o.exclusive.bits, usual.exclusive.bits);
  look_at("listops_depth", "listops", o.lists.depth, usual.lists.depth);
  look_at("listops_arguments", "listops", o.lists.arguments, usual.lists.arguments);
  look_at("listops_nodes", "listops", o.lists.nodes, usual.lists.nodes);
  look_at("listops_shortest", "listops", o.lists.shortest, usual.lists.shortest);
  look_at("listops_longest", "listops", o.lists.longest, usual.lists.longest);
  look_at("patch", "pictures", o.picture_patch, usual.picture_patch);
  return others;
}

SequenceFormat format_of_problem(const FrozenOptions& o, const FieldNames& called) {
  if (o.problem == "bit-memory") {
    check(o.memory.bits % o.memory.patch == 0, "{} {}: strings of so many bits cannot be cut into rows of {} ({})",
          called("bits"), o.memory.bits, o.memory.patch, called("bits_of_row"));
    return o.memory.format();
  }
  if (o.problem == "bit-xor") {
    const SplitSizes sizes = sizes_of(o);
    check(sizes.train > 0 && sizes.validation > 0 && sizes.test > 0,
          "{} {}: of so few bits there are {} different sequences: {} to learn from, {} to validate and {} to test by; "
          "more bits, or sizes ({}, {}, {})",
          called("xor_bits"), o.exclusive.bits, o.exclusive.distinct(), sizes.train, sizes.validation, sizes.test,
          called("train_size"), called("validation_size"), called("test_size"));
    return o.exclusive.format();
  }
  check(o.lists.shortest + 1 < o.lists.longest, "{} {}: there is no length between it and {} ({})",
        called("listops_shortest"), o.lists.shortest, o.lists.longest, called("listops_longest"));
  return o.lists.format();
}

SequenceSplits draw_problem(const FrozenOptions& o, const FieldNames& called) {
  const SplitSizes sizes = sizes_of(o);
  if (o.problem == "bit-xor")
    check(sizes.all() <= o.exclusive.distinct(), "{}: {} sequences are asked for, of which there are {} different ones",
          called("train_size"), sizes.all(), o.exclusive.distinct());
  try {
    return distinct_draws(sizes, static_cast<uint64_t>(o.problem_seed),
                          [&](RandomDraws& draws) -> std::optional<LabelledSequence> {
                            if (o.problem == "bit-memory") return o.memory.draw(draws);
                            if (o.problem == "bit-xor") return o.exclusive.draw(draws);
                            return o.lists.draw(draws);
                          });
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(called("problem") + " " + o.problem + ": " + error.what());
  }
}

}  // namespace thaw
