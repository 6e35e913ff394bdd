# Production, Frankfurt.
include "root" {
  path = find_in_parent_folders("root.hcl")
}

locals {
  env  = read_terragrunt_config(find_in_parent_folders("env.hcl"))
  base = "git::https://git.example.com/modules.git"
}

terraform {
  source = "${local.base}//shop?ref=v1.4.0" // moved by promotion
}

dependency "vpc" {
  config_path = "../vpc"
  mock_outputs = {
    vpc_id = "vpc-0"
  }
}

inputs = {
  name      = "shop-${local.env.locals.name}"
  image_tag = "1.4.0" # ours
  image     = "ghcr.io/acme/web@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  sizes     = { web = 3, "worker" = 2 }
  tags = merge(local.env.locals.tags, {
    version = "1.4.0"
  })
  note = <<-EOT
    image_tag = "1.4.0"
  EOT
}
