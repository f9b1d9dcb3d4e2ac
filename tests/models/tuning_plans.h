// SPDX-License-Identifier: Apache-2.0
// Plans of what to tune, for every family: the rules, and how many numbers they train by the closed formula.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

struct TuningPlan {
  std::string name;
  std::string rules;  // of a mask file, a line each
  int64_t trained;    // numbers
};

// Sizes that the formulas need.
struct TunedSizes {
  int64_t channels, inner, layers, vocabulary;
  int64_t numbers;  // all of the model's
};

// Of a BertForSequenceClassification with `labels` labels.
std::vector<TuningPlan> bert_plans(const TunedSizes& sizes, int64_t labels);
// Of a GPT2ForSequenceClassification with `labels` labels; 0: of a GPT2LMHeadModel whose output matrix is the words'.
std::vector<TuningPlan> gpt2_plans(const TunedSizes& sizes, int64_t positions, int64_t labels);
// Of an OpenAIGPTForSequenceClassification with `labels` labels.
std::vector<TuningPlan> gpt1_plans(const TunedSizes& sizes, int64_t labels);
// Of an MPNetForSequenceClassification with `labels` labels.
std::vector<TuningPlan> mpnet_plans(const TunedSizes& sizes, int64_t buckets, int64_t heads, int64_t labels);
// Of a ViTForImageClassification with `labels` labels and so many rows of positions; or of a model of its layers, below
// such a name.
std::vector<TuningPlan> vit_plans(const TunedSizes& sizes, int64_t positions, int64_t labels,
                                  const std::string& trunk = "vit");
// Of a ViltForQuestionAnswering with so many answers, and so many rows of positions of pictures.
std::vector<TuningPlan> vilt_plans(const TunedSizes& sizes, int64_t positions, int64_t answers);
// Of an ASTForAudioClassification with `labels` labels.
std::vector<TuningPlan> ast_plans(const TunedSizes& sizes, int64_t labels);
// Of a WhisperForAudioClassification with `labels` labels, so many positions, and so many numbers between its head's
// products.
std::vector<TuningPlan> whisper_plans(const TunedSizes& sizes, int64_t positions, int64_t inner, int64_t labels);
// Of a T5 with as many layers below as above, an ungated feed-forward part, heads that fill the channels, a shared
// head; a table of biases a stack, or a layer.
std::vector<TuningPlan> t5_plans(const TunedSizes& sizes, int64_t buckets, int64_t heads, bool bias_in_every_layer);

// Of an EncoderDecoderModel with as many layers below as above, of which nothing is tied but the head.
std::vector<TuningPlan> encoder_decoder_plans(const TunedSizes& sizes);

}  // namespace thaw
