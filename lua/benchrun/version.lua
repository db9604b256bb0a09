-- The version of benchrun: semantic versioning, without a "v".
return "0.1.0"
