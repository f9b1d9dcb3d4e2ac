// SPDX-License-Identifier: Apache-2.0
// What of a model is trained, by rules over names: what is frozen, and which adapters are put on it. The last rule that
// is about a parameter decides.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nn/freeze/freeze_report.h"
#include "nn/freeze/rule.h"
#include "nn/parameter.h"

namespace thaw {

// What no rule is about is trained. Where a rule puts adapters on the model, or it has some, that is frozen but for
// the adapters, what is new (the checkpoint did not have it), and heads (ParameterStore::heads): as if the rules before
// all others were these.
class FreezeMask {
 public:
  static FreezeMask all_frozen();
  static FreezeMask all_trained();

  // Patterns (name_pattern.h) match the whole name; std::invalid_argument if it is none.
  FreezeMask& train(const std::string& pattern);
  FreezeMask& freeze(const std::string& pattern);
  FreezeMask& train_rows(const std::string& pattern, const RowRanges& rows);
  FreezeMask& train_rows(const std::string& pattern, int64_t begin, int64_t end);
  // Some columns of matrices: a block of what a checkpoint stores side by side (GPT-2's keys in c_attn). It is an
  // element mask: it saves nothing.
  FreezeMask& train_columns(const std::string& pattern, const RowRanges& columns);
  // Single numbers: of the parameters that match, those that the file (mask_file.h) has masks of.
  FreezeMask& train_elements(const std::string& pattern, const std::string& file);
  // The highest rate that what matches learns at, under the schedule of a learning rate R. Nothing is frozen or trained
  // by that, nor does an optimizer know: give its ParameterRules what rates() has, as rate_factor(pattern, highest /
  // R).
  FreezeMask& rate(const std::string& pattern, double highest);
  // Adapters on products, by the paths of their modules ("*.attention.self.query") or the names of their weights. "":
  // where their authors put them: LoRA on queries and values, IA3 on keys, values and what the outer feed-forward
  // product reads, bottlenecks behind the attention's and the feed-forward part's output. They begin without effect.
  FreezeMask& lora(const std::string& pattern, const LowRankOptions& options = {});
  FreezeMask& ia3(const std::string& pattern, bool on_input = false);
  FreezeMask& adapter(const std::string& pattern, const BottleneckOptions& options = {});
  // Bottlenecks behind one of the two alone.
  FreezeMask& adapter(FreezeRule::Bottleneck::Behind behind, const BottleneckOptions& options = {});
  // n trained rows before each text (nn/soft_prompt.h), begun as random words. Gradients flow through the whole body,
  // to where they are read.
  FreezeMask& prompt(int64_t n = 20);
  // n trained keys and values before each text's own (nn/attention_prefix.h) in the self-attentions of these paths
  // ("*.layer.3.attention.self"); "": in all.
  FreezeMask& prefix(const std::string& pattern, int64_t n = 20);

  // The same as text, one rule a line:
  //   train PATTERN | freeze PATTERN | train PATTERN rows 7,97:100 | train PATTERN columns 0:64
  //   train PATTERN mask FILE | lr PATTERN RATE
  //   lora [PATTERN] [r=8] [alpha=16] [dropout=0.1] [rs] [dora]
  //   ia3 [PATTERN] [input]
  //   adapter [PATTERN] [size=64] [act=gelu]
  //   adapter [size=64] [act=gelu] [after=attention|outer|both]
  //   prompt [n=20]
  //   prefix [PATTERN] [n=20]
  // "#" begins a comment. Errors name origin and line.
  static FreezeMask parse(std::string_view text, const std::string& origin);
  static FreezeMask read(const std::filesystem::path& path);
  // Adds the rule that a line of such a text is.
  FreezeMask& add(std::string_view line, const std::string& place = {});
  // Adds the rules of another behind its own.
  FreezeMask& append(const FreezeMask& later);
  const std::vector<FreezeRule>& rules() const { return rules_; }
  std::string to_text() const;
  bool has_adapters() const;
  struct LearningRate {
    std::string pattern;
    double highest;
  };
  std::vector<LearningRate> rates() const;  // of its rules, in their order
  // Reads the files of masks and holds them against the store, but for those that were: apply() does it, too. Errors as
  // there. The store is whole then: adapters that have masks are on it.
  void read_masks(const ParameterStore& store) const;

  // Freezes and thaws the store's parameters, and puts on the adapters that are not there yet; can be applied again and
  // again (gradual unfreezing). A rule that matches nothing is an error that lists near names. So are rules about other
  // names of one parameter that contradict each other, unless one about its own name stands behind them, and an
  // adapter on a product that has another of its kind. Then nothing is changed. Element masks that no rule gives are
  // taken away. std::runtime_error: a file of masks cannot be read, or is of another model.
  FreezeReport apply(ParameterStore& store) const;

 private:
  FreezeMask& add(FreezeRule rule);
  std::vector<FreezeRule> rules_;
};

}  // namespace thaw
