// SPDX-License-Identifier: Apache-2.0
// Two tables. Source: TrainingArguments, Seq2SeqTrainingArguments and the examples of transformers.
#include "examples/thaw/trainer_names.h"

#include <map>

namespace thaw {
namespace {

using Table = std::map<std::string_view, std::string_view>;

const Table own_names{
    {"model-name-or-path", "model"},
    {"max-seq-length", "max-length"},
    {"max-source-length", "max-length"},
    {"evaluation-strategy", "eval-strategy"},
    {"per-gpu-train-batch-size", "batch-size"},
    {"train-batch-size", "batch-size"},
    {"text-column-name", "text-column"},
    {"label-column-name", "label-column"},
    {"label-smoothing-factor", "label-smoothing"},
    {"generation-num-beams", "num-beams"},
    {"summary-column", "target-column"},
};

const Table advice{
    {"adafactor", "--optim adafactor"},
    {"auto-find-batch-size", "--batch-tokens bounds the memory"},
    {"bf16", "thaw computes in f32"},
    {"cache-dir", "nothing is downloaded or cached"},
    {"config-name", "config.json is read from --model"},
    {"data-seed", "--seed is that of the order of examples, too"},
    {"dataset-name", "data are files: --train-file, --validation-file, --test-file"},
    {"deepspeed", "thaw computes on one device"},
    {"do-eval", "finetune evaluates where there is a --validation-file or --validation-split"},
    {"do-predict", "finetune tests where there is a --test-file; `thaw predict` labels new texts"},
    {"do-train", "finetune always trains"},
    {"epochs", "--num-train-epochs is meant"},
    {"eval-batch-size", "evaluation takes --batch-size"},
    {"fp16", "thaw computes in f32"},
    {"fsdp", "thaw computes on one device"},
    {"full-determinism", "every run gives the same bits"},
    {"generation-max-length", "--max-target-length is how much evaluations write"},
    {"greater-is-better", "thaw knows it of every metric"},
    {"group-by-length", "batches are so by themselves: --bucket-steps"},
    {"ignore-pad-token-for-loss", "batches are never padded"},
    {"local-rank", "thaw computes on one device"},
    {"logging-dir", "logs go to --output-dir"},
    {"logging-strategy", "--logging-steps tells how often"},
    {"max-predict-samples", "give a shorter --test-file"},
    {"no-cuda", "--device cpu"},
    {"optim-args", "each optimizer has its own options: thaw finetune --help"},
    {"overwrite-output-dir", "remove the directory, or choose another"},
    {"pad-to-max-length", "batches are never padded"},
    {"per-device-eval-batch-size", "evaluation takes --batch-size"},
    {"predict-with-generate", "evaluations of a model that writes texts always write"},
    {"push-to-hub", "what is written to --output-dir can be uploaded as it is"},
    {"report-to", "log.jsonl and TensorBoard events are always written"},
    {"resume-from-checkpoint", "--resume goes on from the newest checkpoint in --output-dir"},
    {"save-safetensors", "safetensors are always what is written"},
    {"sortish-sampler", "batches are so by themselves: --bucket-steps"},
    {"source-lang", "a --source-prefix tells the model: \"translate English to German: \""},
    {"target-lang", "a --source-prefix tells the model: \"translate English to German: \""},
    {"task-name", "data are files: --train-file, --validation-file, --test-file"},
    {"text-column-names", "--text-column, and --text-pair-column for a second one"},
    {"tf32", "thaw computes in f32"},
    {"tokenizer-name", "the tokenizer is read from --model"},
    {"torch-compile", "there is nothing to compile"},
    {"trust-remote-code", "no code is loaded"},
    {"use-cpu", "--device cpu"},
    {"val-max-target-length", "--max-target-length is how much evaluations write"},
    {"validation-split-percentage", "--validation-split takes a share: 0.05"},
};

std::string find(const Table& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? "" : std::string(found->second);
}

}  // namespace

std::string own_name_of(std::string_view trainer_name) { return find(own_names, trainer_name); }

std::string trainer_advice(std::string_view trainer_name) { return find(advice, trainer_name); }

}  // namespace thaw
