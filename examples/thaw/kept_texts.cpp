// SPDX-License-Identifier: Apache-2.0
// Has texts kept, and tells.
#include "examples/thaw/kept_texts.h"

#include <fmt/format.h>

#include <cstdio>

#include "models/prefix/row_folder.h"
#include "nn/train/training_checks.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

int64_t folder_bytes(const CacheArguments& cache) {
  if (cache.folder_megabytes > 0) return cache.folder_megabytes * 1'000'000;
  return usual_most_bytes(existing_part(cache.folder));
}

KeptTexts keep_frozen(const RunExamples& examples, const TrainingOptions& training, const CacheArguments& cache,
                      int64_t memory_bytes) {
  const int64_t count = examples.train->size();
  Keeping how;
  how.bytes = cache.folder.empty() ? memory_bytes : folder_bytes(cache);
  how.folder = cache.folder;
  how.folder_bytes = cache.folder_megabytes * 1'000'000;
  if (cache.dtype != DType::f32) how.kept_as = cache.dtype;
  how.tell = [](const std::string& line) { fmt::print(stderr, "warning: {}\n", one_line(line)); };
  how.passes =
      static_cast<double>(total_steps(training, count)) / static_cast<double>(steps_per_epoch(count, training.batches));
  KeptTexts plan = examples.train->keep_frozen(how);
  if (!examples.validation) return plan;
  how.bytes -= plan.bytes;
  how.passes = 2;  // at least: while training, or for losses and for texts that are written, and at the end
  how.evaluated = true;
  const KeptTexts held = examples.validation->keep_frozen(how);
  plan.texts += held.texts;
  plan.kept += held.kept;
  plan.bytes += held.bytes;
  plan.found += held.found;
  return plan;
}

namespace {
std::string name_of_one(const KeptTexts& kept, const ExampleWords& words) {
  return kept.one.empty() ? std::string(words.one) : kept.one;
}
}  // namespace

std::string to_text(const KeptTexts& kept, const CacheArguments& cache, const ExampleWords& words) {
  const std::string changing = kept.changing.empty() ? "" : fmt::format("{}: nothing is kept of them", kept.changing);
  if (kept.kept == 0) return changing;
  const std::string one = name_of_one(kept, words);
  std::string line = fmt::format("the frozen part of the model ({}) runs once for ", kept.part);
  line += kept.kept == kept.texts ? fmt::format("each of {}", counted(kept.texts, one))
                                  : fmt::format("{} of {}", kept.kept, counted(kept.texts, one));
  line += fmt::format(": {:.1f} MB are kept", static_cast<double>(kept.bytes) / 1e6);
  if (!cache.folder.empty()) line += fmt::format(" in {}", cache.folder);
  if (cache.dtype != DType::f32) line += fmt::format(" as {}, rounded", name_of(cache.dtype));
  if (kept.found > 0) line += fmt::format("; {} of them {} there already", kept.found, kept.found == 1 ? "is" : "are");
  if (kept.kept < kept.texts)
    line += fmt::format(", the others are computed each time (--cache-{})", cache.folder.empty() ? "memory" : "bytes");
  return changing.empty() ? line : line + "; " + changing;
}

std::string unused_cache_text(const CacheArguments& cache, const KeptTexts& kept, const ExampleWords& words) {
  const bool in_folder = !cache.folder.empty();
  const bool asked = in_folder || cache.dtype != DType::f32 || cache.asks_for_memory;
  if (kept.kept > 0 || !asked || (!in_folder && cache.memory == 0)) return {};
  std::string why = fmt::format(
      "kept is what the frozen part at the bottom of a model gives for {} that are used more than once, and there is "
      "none",
      words.several());
  if (in_folder && kept.part.empty()) why = "no layer at the bottom of the model is frozen with all below it";
  if (!kept.changing.empty()) why = kept.changing;
  if (kept.texts > 0)
    why = fmt::format("what the frozen part gives for a {} does not fit into it, or into what training leaves",
                      name_of_one(kept, words));
  const char* option = cache.asks_for_memory ? "--cache-memory" : "--cache-dtype";
  return fmt::format("{} has no effect: {}", in_folder ? "--cache" : option, why);
}

}  // namespace thaw
