export {
  GitlabObjectStorage,
  type GitlabStorageByIdentity,
  type GitlabStorageByKey,
  type GitlabStores,
} from "./gitlab-object-storage";
