// SPDX-License-Identifier: GPL-3.0-or-later
// Llama, SmolLM2 and all that call themselves so; GGUF files of Mistral do too.
#include "engine/formats/families/family.h"

namespace weft {
namespace {

constexpr FamilyWeight kWeights[] = {
    {"model.embed_tokens.weight", "token_embd.weight", Dim::Vocabulary, Dim::Width},
    {"model.layers.{}.input_layernorm.weight", "blk.{}.attn_norm.weight", Dim::Width},
    {"model.layers.{}.self_attn.q_proj.weight", "blk.{}.attn_q.weight", Dim::Query, Dim::Width, Need::Always, true, true},
    {"model.layers.{}.self_attn.q_proj.bias", "blk.{}.attn_q.bias", Dim::Query, Dim::None, Need::AttentionBias, true},
    {"model.layers.{}.self_attn.k_proj.weight", "blk.{}.attn_k.weight", Dim::KeyValue, Dim::Width, Need::Always, true, true},
    {"model.layers.{}.self_attn.k_proj.bias", "blk.{}.attn_k.bias", Dim::KeyValue, Dim::None, Need::AttentionBias, true},
    {"model.layers.{}.self_attn.v_proj.weight", "blk.{}.attn_v.weight", Dim::KeyValue, Dim::Width, Need::Always, false, true},
    {"model.layers.{}.self_attn.v_proj.bias", "blk.{}.attn_v.bias", Dim::KeyValue, Dim::None, Need::AttentionBias},
    {"model.layers.{}.self_attn.o_proj.weight", "blk.{}.attn_output.weight", Dim::Width, Dim::Query, Need::Always, false, true},
    {"model.layers.{}.self_attn.o_proj.bias", "blk.{}.attn_output.bias", Dim::Width, Dim::None, Need::AttentionBias},
    {"model.layers.{}.post_attention_layernorm.weight", "blk.{}.ffn_norm.weight", Dim::Width},
    {"model.layers.{}.mlp.gate_proj.weight", "blk.{}.ffn_gate.weight", Dim::FeedForward, Dim::Width, Need::Always, false, true},
    {"model.layers.{}.mlp.gate_proj.bias", "blk.{}.ffn_gate.bias", Dim::FeedForward, Dim::None, Need::MlpBias},
    {"model.layers.{}.mlp.up_proj.weight", "blk.{}.ffn_up.weight", Dim::FeedForward, Dim::Width, Need::Always, false, true},
    {"model.layers.{}.mlp.up_proj.bias", "blk.{}.ffn_up.bias", Dim::FeedForward, Dim::None, Need::MlpBias},
    {"model.layers.{}.mlp.down_proj.weight", "blk.{}.ffn_down.weight", Dim::Width, Dim::FeedForward, Need::Always, false, true},
    {"model.layers.{}.mlp.down_proj.bias", "blk.{}.ffn_down.bias", Dim::Width, Dim::None, Need::MlpBias},
    {"model.norm.weight", "output_norm.weight", Dim::Width},
    {"lm_head.weight", "output.weight", Dim::Vocabulary, Dim::Width, Need::UntiedHead},
};

}  // namespace

const ModelFamily kLlamaFamily = {
    .name = "llama",
    .hf_model_type = "llama",
    .hf_class = "LlamaForCausalLM",
    .gguf_architecture = "llama",
    .weights = kWeights,
    .gguf_interleaved = true,
};

}  // namespace weft
